/** Moments as headquarters writes them. Milliseconds since 1970 go in, words in the language of the screen come out. */
import { clock, day, t } from '$lib/i18n/index.svelte';

const DAY = 24 * 60 * 60 * 1000;

const sameDay = (a: number, b: number) => new Date(a).toDateString() === new Date(b).toDateString();

/** "16 May, 14:05"; today only "14:05". */
export function moment(at: number, now: number = Date.now()): string {
  if (sameDay(at, now)) return clock(at);
  return t('hq.when.dayAt', { day: day(at), time: clock(at) });
}

/** "today, 14:05", "8 May", and from a week on how long ago it is: silence is what the reader looks for. */
export function lastSign(at: number, now: number = Date.now()): { text: string; long: boolean } {
  if (sameDay(at, now)) return { text: t('hq.when.todayAt', { time: clock(at) }), long: false };
  const days = Math.floor((now - at) / DAY);
  if (days < 7) return { text: day(at), long: false };
  return { text: t('hq.when.ago', { days: t('common.days', { n: days }) }), long: days >= 21 };
}

/** The month that a day lies in, by name; with the year when it is not this one. */
export function month(at: number, language: string, now: number = Date.now()): string {
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat([`${language}-u-ca-gregory-nu-latn`, 'en'], { month: 'long', year }).format(
    at,
  );
}

/** `2026-11-01`, by the clock of this machine. */
export function isoDay(at: number): string {
  const d = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/** The last day of the month before the one that `at` lies in. */
export function endOfMonthBefore(at: number): string {
  const d = new Date(at);
  return isoDay(new Date(d.getFullYear(), d.getMonth(), 0, 12).getTime());
}
