// Makes the four Arabic faces of `src/fonts/` from the Noto fonts of 2020, subset to Arabic, figures and punctuation.
//
// Why not the newer ones, split by script, as `@fontsource` has them: they draw the dots of letters as separate marks, and
// WebKitGTK 2.50 puts marks at the wrong height and starts each run of another file a little higher or lower. In Chromium
// nothing shows. In the versions of 2020 dots are parts of their letters, and only vowel signs sit a little off.
//
// `npm install --no-save subset-font@2.9.0`, then `node scripts/fonts.mjs FOLDER`, where FOLDER holds
// NotoNaskhArabic-{Regular,Bold}.ttf and NotoSansArabic-{Regular,Bold}.ttf of Debian's fonts-noto-core 20201225-1
// (usr/share/fonts/truetype/noto). The made files are committed; this runs only when a font changes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import subset from 'subset-font';

const folder = process.argv[2];
if (!folder) throw new Error('Say where the fonts are.');
const out = fileURLToPath(new URL('../src/fonts/', import.meta.url));

/** Inclusive ranges: ASCII and Latin-1, œ, spaces, dashes, quotes, marks of direction, Arabic with its additions for African languages. */
const ranges = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x152, 0x153],
  [0x600, 0x6ff],
  [0x750, 0x77f],
  [0x8a0, 0x8ff],
  [0x2000, 0x206f],
];
const text = ranges
  .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)))
  .join('');

for (const [name, family] of [
  ['noto-naskh-arabic', 'NotoNaskhArabic'],
  ['noto-sans-arabic', 'NotoSansArabic'],
]) {
  for (const [weight, style] of [
    [400, 'Regular'],
    [700, 'Bold'],
  ]) {
    const source = readFileSync(join(folder, `${family}-${style}.ttf`));
    const made = await subset(source, text, { targetFormat: 'woff2', noHinting: true });
    writeFileSync(join(out, `${name}-${weight}.woff2`), made);
    console.log(`${name} ${weight}: ${made.length} bytes`);
  }
}
