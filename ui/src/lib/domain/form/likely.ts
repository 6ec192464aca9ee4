/**
 * What may be a person's name or telephone number in free text. A guess on this screen only: nothing is stored, sent
 * or refused because of it. Titles of people come before a name in the languages of the forms.
 */
import { asciiFigures } from '$lib/shared/figures';

export interface Likely {
  kind: 'name' | 'number';
  /** The words as written. */
  words: string;
  /** Who it seems to be, to choose a replacement. */
  who: 'woman' | 'man' | 'person';
}

const women = [
  'Mrs',
  'Ms',
  'Miss',
  'Mme',
  'Mlle',
  'Madame',
  'Mama',
  'Maman',
  'Sister',
  'Soeur',
  'Bi',
  'Dada',
  'Bibi',
];
const men = [
  'Mr',
  'M',
  'Monsieur',
  'Bwana',
  'Bw',
  'Baba',
  'Papa',
  'Mzee',
  'Kaka',
  'Babu',
  'Sheikh',
  'Cheikh',
  'Imam',
  'Father',
  'Brother',
];
const anyone = [
  'Dr',
  'Docteur',
  'Pastor',
  'Pasteur',
  'Captain',
  'Capitaine',
  'Colonel',
  'Col',
  'General',
  'Général',
  'Commander',
  'Commandant',
];
const womenArabic = ['السيدة', 'الآنسة', 'الحاجة', 'ماما'];
const menArabic = ['السيد', 'الشيخ', 'الحاج', 'أبو', 'العمدة'];
const anyoneArabic = ['الدكتور', 'الدكتورة', 'الأستاذ', 'الأستاذة', 'العقيد', 'النقيب'];

const latin = new RegExp(
  `(?<![\\p{L}\\p{M}])(${[...women, ...men, ...anyone].join('|')})\\.?\\s+(\\p{Lu}[\\p{L}\\p{M}'’-]+(?:\\s+\\p{Lu}[\\p{L}\\p{M}'’-]+)?)`,
  'u',
);
const arabic = new RegExp(
  `(?<![\\p{L}\\p{M}])(${[...womenArabic, ...menArabic, ...anyoneArabic].join('|')})\\s+(\\p{L}[\\p{L}\\p{M}]+)`,
  'u',
);

function whoIs(title: string): Likely['who'] {
  if (women.includes(title) || womenArabic.includes(title)) return 'woman';
  return men.includes(title) || menArabic.includes(title) ? 'man' : 'person';
}

/** Seven figures or more in a row, spaces and dashes between them counted out; not a day, not `1 000 000`. */
function number(text: string): Likely | undefined {
  const ascii = asciiFigures(text);
  for (const found of ascii.matchAll(/\+?\d[\d\s().-]{5,}\d/g)) {
    const words = found[0];
    if (words.replace(/\D/g, '').length < 7) continue;
    if (/^\d{4}-\d{2}-\d{2}$|^\d{1,2}[.-]\d{1,2}[.-]\d{4}$/.test(words)) continue;
    if (/^\d{1,3}([ .]\d{3})+$/.test(words)) continue;
    const from = [...ascii.slice(0, found.index)].length;
    return { kind: 'number', words: [...text].slice(from, from + words.length).join(''), who: 'person' };
  }
  return undefined;
}

/** The first likely name or number, if there is one. */
export function likely(text: string): Likely | undefined {
  const found = latin.exec(text) ?? arabic.exec(text);
  if (found) return { kind: 'name', words: found[0].replace(/['’]s$/, ''), who: whoIs(found[1] ?? '') };
  return number(text);
}
