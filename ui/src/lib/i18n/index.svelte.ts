/** The catalogue in use. `t` reads a reactive language, so a screen redraws itself when the language changes. */
import en from './en';
import { formatClock, formatCount, formatDay, type DayStyle } from './format';
import { dirOf, inLanguage, scriptOf } from './script';
import { isPlural, type Catalogue, type Facts, type Leaf, type Paths } from './types';

export type Key = Paths<typeof en>;
export type Language = 'en' | 'fr' | 'ar' | 'sw';
export { dirOf, inLanguage, scriptOf };
export type { Facts };

/** Names as their speakers write them. */
export const languages: readonly { code: Language; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'sw', name: 'Kiswahili' },
  { code: 'ar', name: 'العربية' },
  { code: 'fr', name: 'Français' },
];

const loaders: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: () => Promise.resolve({ default: en }),
  fr: () => import('./fr'),
  ar: () => import('./ar'),
  sw: () => import('./sw'),
};

let language = $state<Language>('en');
let catalogue = $state.raw<Catalogue>(en);

/** The language of the screen. */
export function currentLanguage(): Language {
  return language;
}

export function isLanguage(code: string): code is Language {
  return code in loaders;
}

/** Loads a catalogue, then switches to it; until it is there the screen stays as it was. */
export async function setLanguage(code: Language): Promise<void> {
  const loaded = await loaders[code]();
  catalogue = loaded.default;
  language = code;
}

function find(source: Catalogue, key: string): Leaf | undefined {
  let at: Leaf | Catalogue | undefined = source;
  for (const part of key.split('.')) {
    if (typeof at !== 'object' || isPlural(at)) return undefined;
    at = (at as Catalogue)[part];
  }
  return typeof at === 'string' || isPlural(at) ? at : undefined;
}

/** Unicode's isolates, U+2068 and U+2069: what is between them does not turn the sentence round. */
const firstStrong = String.fromCharCode(0x2068);
const popIsolate = String.fromCharCode(0x2069);

/** A name keeps its own direction: isolated when either side of it is written right to left. */
function isolate(value: string): string {
  const mixed = dirOf(language) === 'rtl' || /[\u0590-\u08ff\ufb1d-\ufefc]/.test(value);
  return mixed ? `${firstStrong}${value}${popIsolate}` : value;
}

function fill(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const fact = facts[name];
    if (fact === undefined) return whole;
    return typeof fact === 'number' ? count(fact) : isolate(fact);
  });
}

function write(key: string, facts: Facts): string | undefined {
  const leaf = find(catalogue, key) ?? find(en, key);
  if (leaf === undefined) return undefined;
  if (typeof leaf === 'string') return fill(leaf, facts);
  const n = typeof facts.n === 'number' ? facts.n : Number(facts.n ?? 0);
  const form = new Intl.PluralRules(language).select(n);
  return fill(leaf[form] ?? leaf.other, facts);
}

/** A sentence. Numbers are written in ASCII figures, texts are isolated, the fact `n` chooses the plural form. */
export function t(key: Key, facts: Facts = {}): string {
  return write(key, facts) ?? key;
}

/** For keys that are made from data (`problem.${code}`): nothing when there is no such sentence. */
export function tMaybe(key: string, facts: Facts = {}): string | undefined {
  return write(key, facts);
}

/** "16 May", "Thursday 16 May" (`full`), "16/05/2026" (`figures`). */
export function day(value: Date | string | number, style: DayStyle = 'short'): string {
  return formatDay(language, value, style);
}

/** "09:42". */
export function clock(value: Date | string | number): string {
  return formatClock(language, value);
}

/** "1,284". */
export function count(value: number, digits = 0): string {
  return formatCount(language, value, digits);
}
