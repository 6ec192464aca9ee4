/** Moments as people say them: "today 09:42", "yesterday 18:05", "12 May, 18:05"; and rows put under their days. */
import { clock, day, t } from '$lib/i18n/index.svelte';

/** Whole days between two moments, by the calendar of this device: 0 is the same day, 1 the day before. */
export function daysAgo(at: number, now: number): number {
  const midnight = (value: number) => new Date(value).setHours(12, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** A moment in the middle of a sentence. */
export function when(at: number, now: number): string {
  const time = clock(at);
  const days = daysAgo(at, now);
  if (days === 0) return t('field.when.today', { time });
  if (days === 1) return t('field.when.yesterday', { time });
  return t('field.when.day', { day: day(at), time });
}

export type DayName = 'today' | 'yesterday' | 'week' | 'older';

export interface DayGroup<Item> {
  name: DayName;
  items: Item[];
}

function nameOf(days: number): DayName {
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  return days <= 7 ? 'week' : 'older';
}

/** Items in their order, under the day on which they last changed. Days without any are left out. */
export function byDay<Item extends { changed: number }>(
  items: readonly Item[],
  now: number,
): DayGroup<Item>[] {
  const groups: DayGroup<Item>[] = [];
  for (const item of items) {
    const name = nameOf(daysAgo(item.changed, now));
    const group = groups.find((one) => one.name === name);
    if (group) group.items.push(item);
    else groups.push({ name, items: [item] });
  }
  return groups;
}

/** A whole moment, for clocks that may be wrong: "16/05/2026, 09:42". */
export function stamp(at: number): string {
  return t('field.when.day', { day: day(at, 'figures'), time: clock(at) });
}
