// The main way through the app by the keyboard alone: unlock, begin a survey, answer, jump, finish as incomplete, hand
// over by card, lock. No pointer is used; the focus is always in sight and never caught.
import { strict as assert } from 'node:assert';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DOOR } from './lib/answers.mjs';
import { launch, openInChromium } from './lib/chromium.mjs';
import { Keys } from './lib/keys.mjs';
import { Machine } from './lib/machine.mjs';
import { REED } from './lib/story.mjs';
import { demoOfToday } from './lib/today.mjs';

const machine = new Machine('baraza-keyboard');
const browser = await launch();
let faults = 0;
try {
  for (const size of [{ width: 360, height: 740 }, { width: 834, height: 1112 }]) faults += await wayThrough(size);
} finally {
  await browser.close();
  machine.close();
}
process.exitCode = faults === 0 ? 0 : 1;

async function wayThrough(size) {
  const folder = machine.folder(`reed-${size.width}`);
  cpSync(join(demoOfToday(machine), 'devices/reed'), folder, { recursive: true });
  const card = machine.folder(`card-${size.width}`);
  const app = await openInChromium(machine, browser, folder, { cards: [card], size });
  const { screen, page } = app;
  const keys = new Keys(page);

  await screen.at('entry.unlock');
  await plantedAreFound(page);
  await keys.type('input', REED);
  await keys.press('Enter');
  await screen.at('field.today');
  await keys.act('button', { name: /Community perception survey/ });
  await screen.find({ css: '[data-stage="filling"]' });
  for (const [path, value, kind, stored = value] of DOOR) {
    while (!(await screen.has({ css: `[data-path$="/${path}"]` }))) await next(screen, keys);
    const place = `[data-path$="/${path}"]`;
    if (kind === 'write') await keys.type(`${place} :is(input, textarea)`, value);
    else if (kind === 'list') await fromList(page, keys, place, value);
    else await choose(page, keys, place, value);
    await screen.saved();
    const seen = await screen.answers();
    assert.equal(Object.entries(seen).find(([at]) => at.endsWith(`/${path}`))?.[1], stored, path);
  }
  // Back to the list of what is left, and from there to the first question again.
  await keys.act('[data-jump]', { back: true });
  await screen.find({ css: 'dialog[open] .row' });
  await keys.act('dialog .row');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
  await screen.find({ css: '[data-stage="filling"]' });
  await toTheEnd(screen, keys, page);
  await choose(page, keys, '[data-stage="finishing"]', 'time');
  await keys.act('button', { name: /^Finish as incomplete/ });
  await screen.find({ css: '[data-stage="finished"]' });
  await keys.act('button', { name: /^Back to Today/ });
  await screen.at('field.today');
  await keys.act('.nav button', { name: /^Hand over/ });
  await screen.at('field.handover');
  await keys.act('.way', { name: /^Write a card/ });
  await screen.find({ css: 'dialog[open] .row' });
  await keys.act('dialog :is(.row, button)', { name: /^card/ });
  await screen.find({ css: '[data-report="done"]' }, 60_000);
  await keys.act('button', { name: /^Lock/ });
  await screen.at('entry.unlock');
  await app.close();
  for (const fault of keys.faults) console.log(fault);
  console.log(`${size.width} px: the way through by keys alone, ${keys.stops} stops of the focus, ${keys.faults.size} faults`);
  return keys.faults.size;
}

/** The look at the focus is looked at: no mark, something over it, and a trap must each be noticed. */
async function plantedAreFound(page) {
  const plant = (css, style) => page.evaluate(([one, text]) => {
    const sheet = document.createElement('style');
    sheet.id = 'planted';
    sheet.textContent = text;
    document.head.append(sheet);
    document.body.insertAdjacentHTML('beforeend', one);
  }, [css, style]);
  const clear = () => page.evaluate(() => document.querySelectorAll('#planted').forEach((one) => one.remove()));
  const notices = async (what) => {
    const keys = new Keys(page);
    await keys.to('button[type=submit], .btn-main').catch((problem) => keys.faults.add(String(problem)));
    assert.ok([...keys.faults].some((fault) => fault.includes(what)), `planted “${what}” was not noticed: ${[...keys.faults]}`);
    await clear();
    await page.evaluate(() => document.activeElement.blur());
  };
  await plant('', '*:focus, :has(> :focus) { outline: none !important; box-shadow: none !important }');
  await notices('nothing marks it');
  await plant('<div id="planted" style="position:fixed;inset:0;background:#fff;z-index:99"></div>', '');
  await notices('something lies over it');
  await page.evaluate(() => {
    window.caught = (event) => event.key === 'Tab' && document.activeElement.tagName === 'INPUT' && event.preventDefault();
    addEventListener('keydown', window.caught);
  });
  await notices('the keyboard is caught');
  await page.evaluate(() => removeEventListener('keydown', window.caught));
}

/** Comes to a group of choices by Tab and to one of them by the arrows, as a keyboard does with round buttons. */
async function choose(page, keys, place, value) {
  await keys.to(`${place} input`);
  for (let tries = 0; tries < 60; tries += 1) {
    if (await page.evaluate((wanted) => document.activeElement.value === wanted, value)) break;
    await keys.press('ArrowDown');
  }
  const isChecked = () => page.evaluate((wanted) => document.activeElement.value === wanted && document.activeElement.checked, value);
  if (!(await isChecked())) await keys.press('Space');
  assert.ok(await isChecked(), `${value} is chosen by keys`);
}

/** Opens the list of a question, comes to a choice, takes it. */
async function fromList(page, keys, place, value) {
  await keys.act(`${place} button`);
  await page.waitForSelector('dialog[open]');
  await choose(page, keys, 'dialog [role=radiogroup]', value);
  await keys.act('dialog .feet .btn-main');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
}

async function next(screen, keys) {
  const part = await screen.form('part');
  await keys.act('.foot .btn-main');
  await keys.page.waitForFunction((before) => document.querySelector('[data-record]').dataset.part !== before, part);
}

async function toTheEnd(screen, keys, page) {
  for (let steps = 0; (await screen.form('stage')) !== 'finishing'; steps += 1) {
    assert.ok(steps < 60, 'the end of the form is reached');
    if ((await screen.form('stage')) === 'reading') await keys.press('End');
    await page.waitForTimeout(100);
    const [stage, part] = [await screen.form('stage'), await screen.form('part')];
    await keys.act('.foot .btn-main');
    await page.waitForFunction(([s, p]) => {
      const form = document.querySelector('[data-record]').dataset;
      return form.stage !== s || form.part !== p;
    }, [stage, part], { timeout: 3000 }).catch(() => {});
  }
}
