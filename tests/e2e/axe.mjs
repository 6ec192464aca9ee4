// Can it be read and used by everybody? axe over every stop of the tour in three themes, two languages and two widths;
// then letters twice as large: no word cut off, nothing out of reach. `node axe.mjs [--only NAMES] [--large]`, NAMES as a
// regular expression, --large for the large letters alone; ends with 1 if anything is found.
import { readFileSync } from 'node:fs';
import { address, arrive, byDevice } from './lib/arrive.mjs';
import { launch } from './lib/chromium.mjs';
import { Machine } from './lib/machine.mjs';
import { axeSource } from './lib/need.mjs';
import { unreadable } from './lib/reading.mjs';
import { sheets } from './lib/sheets.mjs';
import { stops } from './lib/tour.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const NARROW = { width: 360, height: 740 };
const LARGE_TEXT = [NARROW, { width: 834, height: 1112 }];
const WIDE = { width: 1280, height: 800 };
const AXE = readFileSync(axeSource(), 'utf8');

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '';
const wanted = (stop) => new RegExp(only).test(stop.name);
const largeOnly = process.argv.includes('--large');
const findings = new Map();
let looks = 0;

const machine = new Machine('baraza-axe');
const browser = await launch();
try {
  const tour = await stops(machine);
  const all = [...tour, ...(await sheets(machine, tour))].filter(wanted);
  const { before } = tour.find((stop) => stop.name === '03-form');
  for (const stop of all) if (stop.before === true) stop.before = before;
  await plantedAreFound(all[0]);
  await byDevice(all, 2, async (stop) => {
    for (const language of ['en', 'ar']) await lookAt(stop, language);
  });
} finally {
  await browser.close();
  machine.close();
}
for (const [finding, where] of findings) console.log(`${finding}\n    ${where.slice(0, 8).join(' · ')}${where.length > 8 ? ` · and ${where.length - 8} more` : ''}`);
console.log(findings.size === 0 ? `${looks} looks, nothing found` : `${looks} looks, ${findings.size} different findings`);
process.exitCode = findings.size === 0 ? 0 : 1;

/** One stop in one language: every theme and width, then large letters. */
async function lookAt(stop, language) {
  const page = await pageOf(WIDE);
  try {
    await arrive(page, stop, language);
    await page.evaluate(AXE);
    for (const size of largeOnly ? [] : [WIDE, NARROW]) {
      await page.setViewportSize(size);
      for (const theme of ['day', 'night', 'sun']) {
        // Only colours depend on the theme, so the other rules are asked once.
        await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
        await axe(page, `${stop.name} ${theme} ${language} ${size.width}`, theme === 'day' ? TAGS : undefined);
      }
    }
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'day';
      document.documentElement.style.fontSize = '200%';
    });
    for (const size of LARGE_TEXT) {
      await page.setViewportSize(size);
      await large(page, `${stop.name} 200% ${language} ${size.width}`);
    }
  } catch (problem) {
    add(`cannot be looked at: ${String(problem).split('\n')[0]}`, `${stop.name} ${language}`);
  } finally {
    await page.context().close();
  }
}

async function pageOf(viewport) {
  // The interface allows no script but its own; what looks at it comes from outside.
  const context = await browser.newContext({ viewport, bypassCSP: true, reducedMotion: 'reduce', timezoneId: 'Africa/Nairobi' });
  return context.newPage();
}

async function axe(page, place, tags) {
  looks += 1;
  const runOnly = tags ? { type: 'tag', values: tags } : { type: 'rule', values: ['color-contrast'] };
  const violations = await page.evaluate(async (options) => {
    const { violations } = await globalThis.axe.run(options);
    // What a bar covers by chance is asked again where a person would scroll it to.
    for (const violation of violations.filter(({ id }) => id === 'target-size')) {
      const still = [];
      for (const node of violation.nodes) {
        const element = document.querySelector(node.target[0]);
        element?.scrollIntoView({ block: 'center' });
        const again = await globalThis.axe.run(element, { runOnly: { type: 'rule', values: ['target-size'] } });
        if (again.violations.length > 0) still.push(node);
      }
      violation.nodes = still;
    }
    return violations.filter(({ nodes }) => nodes.length > 0).map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, any }) => ({ at: target.join(' '), why: any[0]?.message ?? '' })) }));
  }, { runOnly, resultTypes: ['violations'] });
  for (const { id, nodes } of violations) {
    const why = id === 'color-contrast' || id === 'target-size' ? nodes[0].why.slice(0, 120) : '';
    add(`${id}: ${nodes[0].at}${nodes.length > 1 ? ` (and ${nodes.length - 1} more)` : ''} ${why}`, place);
  }
  return violations;
}

async function large(page, place) {
  looks += 1;
  const found = await page.evaluate(unreadable);
  for (const { what, where, words } of found) add(`${what}: ${where} “${words}”`, place);
  return found;
}

function add(finding, place) {
  const places = findings.get(finding) ?? [];
  if (!places.includes(place)) places.push(place);
  findings.set(finding, places);
}

/** The look itself is looked at: faults are planted in a page, and each must be found. */
async function plantedAreFound(stop) {
  const page = await pageOf(NARROW);
  await page.goto(address(stop, 'day', 'en'));
  await page.waitForSelector('h1');
  await page.evaluate(AXE);
  await page.evaluate(() => {
    const planted = document.createElement('div');
    planted.innerHTML = `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p style="color:#ccc;background:#fff">Pale words</p>
      <p class="cut" style="overflow:hidden;white-space:nowrap;inline-size:90px">Words that do not fit into their box</p>
      <p style="white-space:nowrap">${'A line that is much too long for a telephone '.repeat(3)}</p>`;
    document.querySelector('main').append(planted);
  });
  const rules = (await axe(page, 'planted', TAGS)).map(({ id }) => id);
  const kinds = (await large(page, 'planted')).map(({ what }) => what).join(' | ');
  findings.clear();
  await page.context().close();
  for (const rule of ['image-alt', 'color-contrast']) if (!rules.includes(rule)) throw new Error(`planted ${rule} was not found`);
  for (const kind of ['wider than the screen', 'cut off by', 'runs out of']) if (!kinds.includes(kind)) throw new Error(`planted “${kind}” was not found: ${kinds}`);
}
