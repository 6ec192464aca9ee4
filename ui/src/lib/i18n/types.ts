/** What a catalogue may hold, and what follows from English being the source of the keys. */

/** One sentence in the plural forms of a language. The fact `n` chooses the form. */
export interface Plural {
  zero?: string;
  one?: string;
  two?: string;
  few?: string;
  many?: string;
  other: string;
}

export type Leaf = string | Plural;

export interface Catalogue {
  [key: string]: Leaf | Catalogue;
}

/** The same keys as English, with any wording; a plural may have other forms. */
export type Shape<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends { other: string } ? Plural : Shape<T[K]>;
};

/** Dotted paths of all leaves. */
export type Paths<T> = {
  [K in keyof T & string]: T[K] extends string
    ? K
    : T[K] extends { other: string }
      ? K
      : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

export type Facts = Record<string, string | number>;

export const pluralForms = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

/** A plural is an object that has `other` as text, so no screen may name a group of strings `other`. */
export function isPlural(value: unknown): value is Plural {
  return typeof value === 'object' && value !== null && typeof (value as Plural).other === 'string';
}
