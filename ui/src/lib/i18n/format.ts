/** Days, times and numbers: words in the language, figures always ASCII so that they can be compared and typed. */

/** Languages that the runtime may not know fall back to Arabic when written in its script, else to English. */
function locales(language: string): string[] {
  const arabic = /^(ar|apd|shu)\b/i.test(language) || /-Arab\b/i.test(language);
  // "16 May", not "May 16".
  const first = language === 'en' ? 'en-GB' : language;
  return [first, arabic ? 'ar' : 'en-GB', 'en-GB'].map((one) => `${one}-u-ca-gregory-nu-latn`);
}

export type DayStyle = 'full' | 'short' | 'figures';

const dayOptions: Record<DayStyle, Intl.DateTimeFormatOptions> = {
  full: { weekday: 'long', day: 'numeric', month: 'long' },
  short: { day: 'numeric', month: 'long' },
  figures: { day: '2-digit', month: '2-digit', year: 'numeric' },
};

type Moment = Date | string | number;

/** A bare `2026-05-16` is that day everywhere; it must not slip to the day before in the west. */
function moment(value: Moment): Date {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return new Date(`${value}T12:00:00`);
  return new Date(value);
}

/** "16 May", "Thursday 16 May"; the year is said when it is not this one. Empty when there is no such day. */
export function formatDay(
  language: string,
  value: Moment,
  style: DayStyle = 'short',
  now: Date = new Date(),
): string {
  const at = moment(value);
  if (Number.isNaN(at.getTime())) return '';
  const options = { ...dayOptions[style] };
  if (style !== 'figures' && at.getFullYear() !== now.getFullYear()) options.year = 'numeric';
  return new Intl.DateTimeFormat(locales(language), options).format(at);
}

/** "09:42", always 24 hours. */
export function formatClock(language: string, value: Moment): string {
  const at = moment(value);
  if (Number.isNaN(at.getTime())) return '';
  return new Intl.DateTimeFormat(locales(language), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** "1,284" with the grouping of the language. */
export function formatCount(language: string, value: number, digits = 0): string {
  return new Intl.NumberFormat(locales(language), { maximumFractionDigits: digits }).format(value);
}
