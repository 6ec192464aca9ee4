// The app dies at random moments while Imani fills a survey: SIGKILL of the core, in the real window of the driver, the
// app and the webview. After each death every answer that the screen had acknowledged is there, the form opens where
// she was, and nothing is half done. `node kills.mjs [--seed S] [--kills N] [--only browser|window]`.
import { strict as assert } from 'node:assert';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { launch, openInChromium } from './lib/chromium.mjs';
import { Dice } from './lib/dice.mjs';
import { ANSWERS, goOn, look } from './lib/imani.mjs';
import { Ledger, onDisk } from './lib/ledger.mjs';
import { Machine, pause } from './lib/machine.mjs';
import { demoOfToday } from './lib/today.mjs';
import { REED, unlock } from './lib/story.mjs';
import { display, openInWindow } from './lib/window.mjs';

const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const seed = Number(option('--seed', 20261120));
const kills = Number(option('--kills', 25));
const only = option('--only', '');
const FORM = 'Community perception survey';

const machine = new Machine('baraza-kills');
const reed = join(demoOfToday(machine), 'devices/reed');
const browser = await launch();
try {
  const inBrowser = (folder) => openInChromium(machine, browser, folder);
  if (only !== 'window') {
    await plantedAreFound(inBrowser);
    await round('browser', inBrowser);
  }
  if (only !== 'browser') {
    const screenNumber = await display(machine);
    await round('window', (folder) => openInWindow(machine, screenNumber, folder));
  }
} finally {
  await browser.close();
  machine.close();
}

/** All deaths on one kind of screen. */
async function round(name, open) {
  const dice = new Dice(seed);
  const folder = deviceOf(name);
  let records = (await onDisk(machine, folder, REED)).total;
  let ledger = new Ledger();
  let known = {};
  const sum = { held: 0, flying: 0, surveys: 0 };
  let app = await open(folder);
  for (let kill = 1; kill <= kills; kill += 1) {
    try {
      await unlock(app.screen, REED);
      await app.screen.at('field.today');
      if (!ledger.record) {
        await beginSurvey(app.screen, ledger);
        records += 1;
        sum.surveys += 1;
      } else {
        await reopen(app.screen, ledger);
      }
      const finished = await untilItDies(app, ledger, dice, (path) => has(known, path));
      sum.flying += ledger.flying.length > 0 ? 1 : 0;
      const disk = await onDisk(machine, folder, REED, ledger.record);
      assert.equal(disk.total, records, 'how many records there are');
      ledger.isAllIn(disk.values, 'on the device');
      ledger.isThere(disk.place);
      sum.held += Object.values(disk.values).filter((value) => value !== '').length;
      known = finished ? {} : disk.values;
      if (finished) ledger = new Ledger();
      app = await open(folder);
    } catch (problem) {
      throw new Error(`${name}, death ${kill} of --seed ${seed} --kills ${kills}: ${problem.message}`, { cause: problem });
    }
  }
  await app.close();
  console.log(`${name}: ${kills} deaths (--seed ${seed}), ${sum.surveys} surveys, an answer in flight at ${sum.flying}; ${sum.held} answers held against what was acknowledged`);
}

/** Goes on filling until a moment that chance chose; whether the survey came to its end before it. */
async function untilItDies(app, ledger, dice, isStored) {
  const moment = dice.between(100, 3500);
  let finished = false;
  const filling = goOn(app.screen, ledger, dice, isStored).then(() => (finished = true));
  // What fails because the app is dead is no finding; what fails before is.
  let dead = false;
  const failed = filling.catch((problem) => {
    if (!dead) throw problem;
  });
  await Promise.race([pause(moment), failed]);
  dead = true;
  await app.kill();
  await failed;
  return finished;
}

async function beginSurvey(screen, ledger) {
  await screen.tap(new RegExp(FORM));
  await screen.find({ css: '[data-record][data-stage]' });
  await screen.saved();
  ledger.take(await look(screen));
}

/** The draft opens again, on what the ledger says. */
async function reopen(screen, ledger) {
  await screen.driver.click(await screen.find({ css: 'li.draft button.row' }));
  await screen.find({ css: '[data-record][data-stage]' });
  await screen.saved();
  const seen = await look(screen);
  assert.equal(seen.record, ledger.record, 'the draft that she was filling is the first to go on with');
  ledger.holds(seen.values, 'on screen');
  ledger.isThere(seen);
  ledger.take(seen);
}

function deviceOf(name) {
  const folder = join(machine.root, name);
  cpSync(reed, folder, { recursive: true });
  return folder;
}

function has(values, path) {
  return Object.entries(values).some(([at, value]) => value !== '' && at.endsWith(`/${path}`));
}

/** The check is checked: an answer claimed that was never sent, and a bridge that lies, must both be noticed. */
async function plantedAreFound(open) {
  const folder = deviceOf('planted');
  const [[first, value]] = ANSWERS;
  const plants = {
    'a claim of an answer that was never sent': async (app, ledger) => {
      const path = (await look(app.screen)).values;
      const at = Object.keys(path).find((one) => one.endsWith(`/${first}`));
      ledger.values.set(at, value);
    },
    'a desk that acknowledges what it never stored': async (app, ledger) => {
      await app.page.route('**/ipc/answer', async (route) => {
        const { path, value: given } = route.request().postDataJSON();
        const answer = await route.fetch({ url: route.request().url().replace('/answer', '/screen'), postData: '{}' });
        const screen = await answer.json();
        for (const item of screen.items) if (item.path === path) item.value = given;
        await route.fulfill({ response: answer, json: screen });
      });
      await app.screen.choose(first, value);
      await app.screen.saved();
      ledger.take(await look(app.screen));
    },
  };
  for (const [what, plant] of Object.entries(plants)) {
    const ledger = new Ledger();
    const app = await open(folder);
    await unlock(app.screen, REED);
    await app.screen.at('field.today');
    await beginSurvey(app.screen, ledger);
    await plant(app, ledger);
    await app.kill();
    const disk = await onDisk(machine, folder, REED, ledger.record);
    assert.throws(() => ledger.isAllIn(disk.values, 'planted'), /was acknowledged as/, `${what} was not noticed`);
  }
}
