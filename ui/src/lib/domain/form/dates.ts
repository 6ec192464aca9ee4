/** Days and times in fields: what the fields hold, and what is stored when they make a day or a time. */
import { asciiFigures } from '$lib/shared/figures';

export interface DayFields {
  day: string;
  month: string;
  year: string;
}

export interface TimeFields {
  hour: string;
  minute: string;
}

/** A value, or why there is none yet: fields are still blank, or there is no such day. */
export type Made = { value: string } | { why: 'unfinished' | 'impossible' };

export const blankDay: DayFields = { day: '', month: '', year: '' };
export const blankTime: TimeFields = { hour: '', minute: '' };

const two = (n: number) => String(n).padStart(2, '0');

/** Figures only, at most so many. */
export function figuresOnly(typed: string, most: number): string {
  return asciiFigures(typed).replace(/\D/g, '').slice(0, most);
}

/** `2026-11-20…` in its fields. */
export function readDay(stored: string): DayFields {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(stored);
  if (!found) return blankDay;
  return { day: String(Number(found[3])), month: String(Number(found[2])), year: found[1] ?? '' };
}

/** `14:05…`, alone or after a day. */
export function readTime(stored: string): TimeFields {
  const found = /(?:^|T)(\d{2}):(\d{2})/.exec(stored);
  return found ? { hour: found[1] ?? '', minute: found[2] ?? '' } : blankTime;
}

export function makeDay({ day, month, year }: DayFields): Made {
  if (day === '' && month === '' && year === '') return { value: '' };
  const [d, m, y] = [Number(day), Number(month), Number(year)];
  if ((day !== '' && (d < 1 || d > 31)) || (month !== '' && (m < 1 || m > 12))) return { why: 'impossible' };
  if (day === '' || month === '' || year.length < 4) return { why: 'unfinished' };
  const at = new Date(Date.UTC(y, m - 1, d));
  const real = y >= 1000 && at.getUTCMonth() === m - 1 && at.getUTCDate() === d;
  return real ? { value: `${year}-${two(m)}-${two(d)}` } : { why: 'impossible' };
}

/** A time with the zone of this device, `14:05:00.000+03:00`. */
export function makeTime({ hour, minute }: TimeFields, zoneMinutes: number): Made {
  if (hour === '' && minute === '') return { value: '' };
  if (Number(hour) > 23 || Number(minute) > 59) return { why: 'impossible' };
  if (hour === '' || minute === '') return { why: 'unfinished' };
  return { value: `${two(Number(hour))}:${two(Number(minute))}:00.000${zone(zoneMinutes)}` };
}

/** A day and a time together. */
export function makeMoment(day: DayFields, time: TimeFields, zoneMinutes: number): Made {
  const [date, clock] = [makeDay(day), makeTime(time, zoneMinutes)];
  if (!('value' in date)) return date;
  if (!('value' in clock)) return clock;
  if (date.value === '' && clock.value === '') return { value: '' };
  if (date.value === '' || clock.value === '') return { why: 'unfinished' };
  return { value: `${date.value}T${clock.value}` };
}

export function zone(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The hour where the device is, as UTC fields. */
function here(now: number, zoneMinutes: number): Date {
  return new Date(now + zoneMinutes * 60_000);
}

export function dayOf(now: number, zoneMinutes: number, daysBefore = 0): DayFields {
  return readDay(here(now - daysBefore * 86_400_000, zoneMinutes).toISOString());
}

export function timeOf(now: number, zoneMinutes: number): TimeFields {
  return readTime(here(now, zoneMinutes).toISOString());
}

/** Fields in one text, as the controller keeps what is being typed. */
export function packFields(...fields: string[]): string {
  return fields.join('|');
}

export function unpackFields(text: string): string[] {
  return text.split('|');
}
