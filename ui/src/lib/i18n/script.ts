/** Script and direction of a language tag. Direction follows the script, never a list of languages. */

const rightToLeft = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
  'Yezi',
]);

/** Four-letter script code, `Latn` when nothing is known. */
export function scriptOf(language: string): string {
  try {
    return new Intl.Locale(language).maximize().script ?? 'Latn';
  } catch {
    return 'Latn';
  }
}

export function dirOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(scriptOf(language)) ? 'rtl' : 'ltr';
}

/** Attributes for an element whose text is in another language than the screen: `<p {...inLanguage('apd-Arab')}>`. */
export function inLanguage(language: string): { lang: string; dir: 'ltr' | 'rtl'; 'data-script': string } {
  return { lang: language, dir: dirOf(language), 'data-script': scriptOf(language) };
}
