// Looks at the kit in three themes, two widths and two scripts: pictures into a folder, and axe's findings.
// `npm run look -- FOLDER`; without a folder only axe. Needs a Chromium (CHROMIUM, else /usr/bin/chromium).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const folder = process.argv[2];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const server = await preview({ mode: 'kit', preview: { host: '127.0.0.1', port: 0 }, logLevel: 'silent' });
const { port } = server.httpServer.address();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

let faults = 0;
try {
  for (const part of ['all', 'field', 'hq']) {
    for (const theme of ['day', 'night', 'sun']) {
      for (const lang of ['en', 'ar']) {
        for (const width of [360, 834, 1280]) {
          const page = await browser.newPage({ viewport: { width, height: 900 } });
          page.on('pageerror', (error) => {
            faults += 1;
            console.log(`${part} ${theme} ${lang} ${width}: ${error.message}`);
          });
          await page.goto(`http://127.0.0.1:${port}/kit.html?theme=${theme}&lang=${lang}&part=${part}`);
          await page.waitForSelector('main');
          await page.evaluate(() => document.fonts.ready);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (wide > 0) {
            faults += 1;
            console.log(`${part} ${theme} ${lang} ${width}: ${wide} px wider than the screen`);
          }
          await page.evaluate(axe);
          const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
          for (const violation of found.violations) {
            faults += 1;
            const places = violation.nodes.slice(0, 3).map((node) => node.target.join(' '));
            console.log(`${part} ${theme} ${lang} ${width}: ${violation.id}: ${places.join(' | ')}`);
          }
          if (folder)
            await page.screenshot({
              path: join(folder, `kit-${part}-${theme}-${lang}-${width}.png`),
              fullPage: part === 'all',
            });
          await page.close();
        }
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(faults === 0 ? 'No faults found.' : `${faults} faults.`);
process.exitCode = faults === 0 ? 0 : 1;
