// Draws the PNG icons from icon.svg with Chromium. The results are committed; run this after changing the drawing:
//   node src-tauri/icons/make.mjs
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const { chromium } = createRequire(new URL('../../ui/package.json', here))('playwright-core');
const drawing = readFileSync(new URL('icon.svg', here), 'utf8');

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 600, height: 600 } });
for (const [size, name] of [[32, '32x32'], [128, '128x128'], [256, '128x128@2x'], [512, 'icon']]) {
  await page.setContent(`<style>*{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`);
  await page.screenshot({
    path: new URL(`${name}.png`, here).pathname,
    clip: { x: 0, y: 0, width: size, height: size },
    omitBackground: true,
  });
}
await browser.close();
