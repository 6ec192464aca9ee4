// Pictures of every screen in every size, theme and direction: `cargo xtask shots [--only NAME] [--beside FOLDER]`.
// They lie in target/shots with a page that shows them; FOLDER may hold pictures of the same names to compare with.
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './lib/chromium.mjs';
import { Machine, ROOT } from './lib/machine.mjs';
import { stops } from './lib/tour.mjs';

const SIZES = [[360, 740], [834, 1112], [1280, 800]];
const THEMES = ['day', 'night', 'sun'];
const LANGUAGES = ['en', 'ar'];

const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const only = option('--only');
const beside = option('--beside');
const folder = option('--to') ?? join(ROOT, 'target/shots');

const machine = new Machine('baraza-shots');
const browser = await launch();
try {
  if (!only) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let taken = 0;
  for (const stop of await stops(machine)) {
    if (only && !stop.name.includes(only)) continue;
    await stop.before?.();
    for (const [width, height] of SIZES) {
      const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', timezoneId: 'Africa/Nairobi' });
      const page = await context.newPage();
      for (const theme of THEMES) {
        for (const language of LANGUAGES) {
          await stop.speak(language);
          await page.goto('about:blank');
          await page.goto(stop.url.replace('LOOK', `theme=${theme}&lang=${language}`));
          await settled(page);
          if (stop.tap) await page.locator(stop.tap).first().click({ timeout: 5000 }).catch(() => {});
          await settled(page);
          const name = `${stop.name}-${width}-${theme}-${language}`;
          await page.screenshot({ path: join(folder, `${name}.png`) });
          if (width === 360 && theme === 'day') await page.screenshot({ path: join(folder, `${name}-full.png`), fullPage: true });
          taken += 1;
        }
      }
      await context.close();
    }
    console.log(`  ${stop.name}`);
  }
  writeFileSync(join(folder, 'index.html'), index());
  console.log(`${taken} pictures in ${folder}; open index.html there`);
} finally {
  await browser.close();
  machine.close();
}

/** Fonts are there, nothing is loading. */
async function settled(page) {
  // A drawer may lie over the heading of the screen beneath it.
  await page.waitForFunction(
    () => [...document.querySelectorAll('[data-screen] :is(h1, h2)')].some((one) => one.checkVisibility()),
    undefined,
    { timeout: 30_000 },
  );
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
}

function index() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'));
  const figure = (name) => {
    const mockup = beside && [name, name.replace('-day-en', ''), name.replace('-en', '')].find((other) => existsSync(join(beside, other)));
    if (mockup) copyFileSync(join(beside, mockup), join(folder, `mockup-${mockup}`));
    const other = mockup ? `<img loading="lazy" src="mockup-${mockup}" alt="">` : '';
    return `<figure><figcaption>${name}</figcaption><img loading="lazy" src="${name}" alt="">${other}</figure>`;
  };
  return `<!doctype html><meta charset="utf-8"><title>Screens</title>
<style>body{font:14px sans-serif;display:flex;flex-wrap:wrap;gap:24px}img{max-width:640px;border:1px solid #999}</style>
${names.map(figure).join('\n')}`;
}
