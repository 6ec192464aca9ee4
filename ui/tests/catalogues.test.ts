/** The catalogues against each other, and English against the words that the design forbids. */
import { describe, expect, it } from 'vitest';
import ar from '$lib/i18n/ar';
import en from '$lib/i18n/en';
import fr from '$lib/i18n/fr';
import sw from '$lib/i18n/sw';
import { isPlural, type Catalogue, type Leaf } from '$lib/i18n/types';

const catalogues: Record<string, Catalogue> = { en, fr, ar, sw };

function leaves(catalogue: Catalogue, path = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [name, value] of Object.entries(catalogue)) {
    const key = path ? `${path}.${name}` : name;
    if (typeof value === 'string' || isPlural(value)) found.set(key, value);
    else for (const [inner, leaf] of leaves(value, key)) found.set(inner, leaf);
  }
  return found;
}

const texts = (leaf: Leaf): string[] => (typeof leaf === 'string' ? [leaf] : Object.values(leaf));

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

const english = leaves(en);

describe.each(Object.keys(catalogues))('the catalogue %s', (language) => {
  const own = leaves(catalogues[language] ?? {});

  it('has every sentence of English and no other', () => {
    expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('leaves no sentence blank', () => {
    const blank = [...own].filter(([, leaf]) => texts(leaf).some((text) => text.trim() === ''));
    expect(blank.map(([key]) => key)).toEqual([]);
  });

  it('uses the same facts', () => {
    const wrong = [...own].filter(([key, leaf]) => {
      const wanted = placeholders(typeof english.get(key) === 'string' ? (english.get(key) as string) : '');
      if (typeof leaf === 'string') return placeholders(leaf).join() !== wanted.join();
      // A form for exactly one, two or none may leave the number to the word; others say it.
      const source = english.get(key);
      const full = placeholders(source && typeof source !== 'string' ? source.other : '');
      return Object.entries(leaf).some(([form, text]) => {
        const said = placeholders(text);
        const numberless = ['zero', 'one', 'two'].includes(form);
        return (
          (numberless ? said.filter((f) => f !== 'n') : said).join() !==
          (numberless ? full.filter((f) => f !== 'n') : full).join()
        );
      });
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('has all plural forms that the language needs', () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const short = [...own].filter(
      ([, leaf]) => typeof leaf !== 'string' && needed.some((form) => leaf[form] === undefined),
    );
    expect(short.map(([key]) => key)).toEqual([]);
  });
});

describe('English', () => {
  it('says nothing that the design forbids', () => {
    const forbidden = /\b(sync\w*|errors?|invalid|please)\b|!/i;
    const bad = [...english].filter(([, leaf]) => texts(leaf).some((text) => forbidden.test(text)));
    expect(bad.map(([key, leaf]) => `${key}: ${texts(leaf).join(' / ')}`)).toEqual([]);
  });
});

describe('the areas', () => {
  it('do not share a first word, so that no file hides another', async () => {
    const areas = import.meta.glob<{ default: Catalogue }>('../src/lib/i18n/*/en.ts', { eager: true });
    const words = Object.values(areas).flatMap((area) => Object.keys(area.default));
    expect(words.length).toBe(new Set(words).size);
  });
});
