// The app's own figures, `cargo xtask bench app`: start, unlock, answering, memory, size; beside an empty window of the
// same toolkit where one says something. A table on the terminal, JSON in target/bench/app.json. Nothing is asserted.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BARAZA, Machine, NOTES, ROOT, UI, pause } from './lib/machine.mjs';
import { bornAt, family, proportional } from './lib/processes.mjs';
import { REED, unlock } from './lib/story.mjs';
import { demoOfToday } from './lib/today.mjs';
import { display, openInWindow } from './lib/window.mjs';

const ROUNDS = 5;
const RECORDS = process.argv.includes('--quick') ? 500 : 10_000;
const EMPTY = join(dirname(NOTES), 'examples/empty');
const MAKER = join(dirname(BARAZA), 'examples/bench');

const rows = [];
const row = (what, unit, ours, beside) => rows.push({ what, unit, ours: round(ours), beside: beside === undefined ? undefined : round(beside) });
const round = (value) => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

const windowOf = (app) => family(app.child.pid)[1];

/** Runs in the page: times from a press to the drawn frame after what it brought. */
const WATCH = `
  window.watched = { answer: 0, turn: 0 };
  let pressed = 0, waits = null;
  addEventListener('pointerdown', () => { pressed = performance.now(); waits = null; }, true);
  addEventListener('change', () => { waits = 'answer'; }, true);
  const drawn = (what) => requestAnimationFrame(() => setTimeout(() => { window.watched[what] = performance.now() - pressed; }));
  new MutationObserver((changes) => {
    for (const { target, attributeName } of changes) {
      if (attributeName === 'data-pending' && target.dataset.pending === '0' && waits === 'answer') { waits = null; drawn('answer'); }
      if (attributeName === 'data-part') drawn('turn');
    }
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-pending', 'data-part'] });`;

const machine = new Machine('baraza-bench');
try {
  const screenNumber = await display(machine);
  const reed = machine.folder('reed');
  cpSync(join(demoOfToday(machine), 'devices/reed'), reed, { recursive: true });
  const start = (folder, binary) => openInWindow(machine, screenNumber, folder, { binary });
  const hasEmpty = existsSync(EMPTY);

  const empty = hasEmpty ? await starts(() => start(reed, EMPTY)) : undefined;
  const ours = await starts(() => start(reed), '[data-screen="entry.unlock"] input');
  if (ours.paint) row('start to the first paint, median of 5', 'ms', ours.paint, empty?.paint);
  row('start to the unlock screen as a driver sees it', 'ms', ours.seen, empty?.seen);
  row('memory at the unlock screen, all processes', 'MB', ours.memory, empty?.memory);
  await filling(await start(reed), empty?.memory);
  await manyRecords(start);
  sizes(hasEmpty);
} finally {
  machine.close();
}
report();

/** Starts a window several times. */
async function starts(open, css = 'p') {
  const [paint, seen, memory] = [[], [], []];
  for (let time = 0; time < ROUNDS; time += 1) {
    const app = await open();
    await app.screen.find({ css });
    const there = Date.now();
    const born = bornAt(windowOf(app));
    const at = await painted(app.screen);
    if (at) paint.push(at - born);
    seen.push(there - born);
    memory.push(proportional(family(windowOf(app))));
    await app.close();
  }
  return { paint: median(paint), seen: median(seen), memory: median(memory) };
}

/** When the page first showed something, by the clock; nothing where the webview does not tell. */
async function painted(screen) {
  for (let tries = 0; tries < 40; tries += 1) {
    await pause(100);
    const at = await screen.driver.run(`const first = performance.getEntriesByType('paint').find((one) => /contentful/.test(one.name));
      return first ? performance.timeOrigin + first.startTime : null;`);
    if (at) return at;
  }
  return undefined;
}

/** Answering: from the press on a choice to the screen that has it, acknowledged; and from part to part. */
async function filling(app, emptyMemory) {
  const { screen } = app;
  const run = screen.driver.run;
  await unlock(screen, REED);
  await screen.at('field.today');
  await pause(1000);
  row('memory on Today', 'MB', proportional(family(windowOf(app))), emptyMemory);
  await screen.tap(/Community perception survey/);
  await screen.find({ css: '[data-stage="filling"]' });
  await run(WATCH);
  const answers = [];
  for (const value of ['yes', 'no', 'yes', 'no', 'yes', 'no', 'yes', 'no', 'yes']) {
    await screen.choose('clock_ok', value);
    await screen.saved();
    await pause(60);
    answers.push(await run('return window.watched.answer'));
  }
  row('press on a choice to the acknowledged screen', 'ms', median(answers.filter((one) => one > 0)));
  const turns = [];
  for (let part = 0; part < 3; part += 1) {
    for (const css of ['.foot .btn-main', '.foot .narrow']) {
      await screen.act({ css }, (element) => screen.driver.click(element));
      await pause(400);
      turns.push(await run('return window.watched.turn'));
    }
  }
  row('press on “next” to the next part', 'ms', median(turns.filter((one) => one > 0)));
  await pause(500);
  row('memory in a form', 'MB', proportional(family(windowOf(app))), emptyMemory);
  await app.close();
}

/** From the passphrase to Today, with many records on the device. */
async function manyRecords(start) {
  if (!existsSync(MAKER)) return;
  const made = spawnSync(MAKER, [...(RECORDS < 10_000 ? ['--quick'] : []), '--tablet', machine.folder('many')], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  const [folder, passphrase] = made.stdout.trim().split('\n');
  const app = await start(folder);
  const times = [];
  for (let time = 0; time < ROUNDS; time += 1) {
    await app.screen.at('entry.unlock');
    await app.screen.driver.fill(await app.screen.find({ role: 'field' }), passphrase);
    await app.screen.driver.run(`let pressed = 0;
      addEventListener('pointerdown', () => { pressed = performance.now(); }, { capture: true, once: true });
      const watch = new MutationObserver(() => {
        if (!document.querySelector('[data-screen="field.today"] .tile')) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.unlocked = performance.now() - pressed; }));
      });
      window.unlocked = 0;
      watch.observe(document.body, { subtree: true, childList: true });`);
    await app.screen.tap(/^Open$/);
    await app.screen.find({ css: '[data-screen="field.today"] .tile' });
    await pause(300);
    times.push(await app.screen.driver.run('return window.unlocked'));
    await app.screen.tap(/^Lock/);
  }
  row(`unlock to Today with ${RECORDS.toLocaleString('en')} records, key derivation included`, 'ms', median(times));
  await app.close();
}

function sizes(hasEmpty) {
  const bytes = (extension, how) => files(UI).filter((file) => extname(file) === extension).reduce((sum, file) => sum + how(readFileSync(file)), 0) / 1000;
  const zipped = (content) => gzipSync(content, { level: 9 }).length;
  row('the program on disk, interface inside', 'MB', statSync(NOTES).size / 1e6, hasEmpty ? statSync(EMPTY).size / 1e6 : undefined);
  row('scripts of the interface, gzip', 'kB', bytes('.js', zipped));
  row('styles, gzip', 'kB', bytes('.css', zipped));
  row('fonts', 'kB', bytes('.woff2', (content) => content.length));
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? files(join(folder, one.name)) : [join(folder, one.name)]));
}

function report() {
  const profile = NOTES.includes('/release/') ? '' : 'DEBUG BUILD, times mean little; ';
  const where = `${profile}${cpus().length} cores (${cpus()[0].model.trim()}), load ${loadavg()[0].toFixed(1)}`;
  const wide = Math.max(...rows.map(({ what }) => what.length));
  console.log(`${where}\n${' '.repeat(wide)}        ours    empty window`);
  for (const { what, unit, ours, beside } of rows) {
    const ratio = beside ? `${String(beside).padStart(8)} ${unit}  × ${(ours / beside).toFixed(2)}` : '';
    console.log(`${what.padEnd(wide)}  ${String(ours).padStart(7)} ${unit} ${ratio}`);
  }
  const kept = join(ROOT, 'target/bench');
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(kept, 'app.json'), `${JSON.stringify({ where, rows }, null, 2)}\n`);
}
