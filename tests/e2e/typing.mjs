// The forensic session, for tests/tests/forensics_window.rs: `node typing.mjs ROOT OUTSIDE`. It drives the real window
// and types a sentence in every place where a person can write; all that any program writes lies under ROOT, what is
// plain on purpose (the form file) under OUTSIDE. At each point it prints one line of JSON and waits for a line on
// stdin, while the test searches ROOT.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Machine, NOTES, pause } from './lib/machine.mjs';
import { FORM, SAID } from './lib/sentences.mjs';
import { invite, readCard, unlock, writeCard } from './lib/story.mjs';
import { display, openInWindow } from './lib/window.mjs';
import { onDisk } from './lib/ledger.mjs';

const [root, outside] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const machine = new Machine('baraza-typing', root);
const papers = join(outside, 'papers');
mkdirSync(papers, { recursive: true });
writeFileSync(join(papers, 'notes.xml'), FORM);
const card = machine.folder('card');
const folders = { office: machine.folder('office'), tablet: machine.folder('tablet') };
const screenNumber = await display(machine);
const at = (who) => openInWindow(machine, screenNumber, folders[who], { cards: who === 'office' ? [card, papers] : [card] });

/** The test searches now. */
async function stop(point) {
  process.stdout.write(`${JSON.stringify({ point, said: SAID })}\n`);
  await lines.next();
}

try {
  let office = await at('office');
  await found(office.screen);
  await publishes(office.screen, 'notes.xml');
  const invitation = await invite(office.screen);
  let tablet = await at('tablet');
  const asked = await joins(tablet.screen, invitation);
  await stop('while a tablet waits for its approval');
  const approval = await approves(office.screen, asked);
  await writeCard(office.screen);
  await stop('while headquarters is open');
  await ends(office, 'SIGTERM');
  await tablet.screen.type(/^Paste the text here/, approval);
  await tablet.screen.tap('Take the approval');
  await tablet.screen.at('field.today');
  await readCard(tablet.screen);
  await fills(tablet.screen);
  await searches(tablet.screen);
  await changesWords(tablet.screen);
  const places = await whereThingsAre(tablet.screen);
  await tablet.screen.type('What was told', SAID.unfinished);
  await stop('while she is writing');
  await ends(tablet, 'SIGTERM');
  await stop('after the window was asked to end');
  tablet = await at('tablet');
  await tablet.screen.at('entry.unlock');
  await tablet.screen.driver.fill(await tablet.screen.find({ role: 'field' }), SAID.wrongPassphrase);
  await tablet.screen.tap('Open');
  await tablet.screen.find({ css: '[role=alert]' });
  await unlock(tablet.screen, SAID.otherPassphrase);
  await tablet.screen.at('field.today');
  await tablet.kill();
  await stop('after the battery died');
  await byKeys(places);
  process.stdout.write(`${JSON.stringify({ point: 'end', said: SAID })}\n`);
} finally {
  machine.close();
}
process.exit(0);

async function found(screen) {
  await screen.at('entry.welcome');
  await screen.tap(/^Make a workspace/);
  await screen.type('Name of the workspace', SAID.workspace);
  await screen.tick('My own words', 'radio');
  await screen.type(/^Your own words/, SAID.officer);
  await screen.type(/^The same again/, SAID.officer);
  await screen.tick('I will move the authority key to a safe place offline');
  await screen.tap('Make the workspace');
  await screen.at('hq.inbox', 60_000);
}

async function publishes(screen, file) {
  await screen.tap('Forms');
  await screen.at('hq.forms');
  await screen.tap('Publish a version');
  await screen.tap(new RegExp(file.replace('.', '\\.')));
  await screen.tap(/^Publish version/, {}, 60_000);
  await screen.sees(/, is published/);
  await screen.close();
  await screen.sees(/Village notes/);
}

async function joins(screen, invitation) {
  await screen.at('entry.welcome');
  await screen.tap(/^Join with an invitation/);
  await screen.type(/^Paste the text here/, invitation);
  await screen.tap('Next');
  await screen.type(/^Name of this tablet/, SAID.alias);
  await screen.tap('Next');
  await screen.tick('My own words', 'radio');
  await screen.type(/^Your own words/, SAID.passphrase);
  await screen.type(/^The same again/, SAID.passphrase);
  await screen.tap('Join');
  await screen.at('entry.waiting', 60_000);
  await screen.find({ css: 'ol li' });
  return {
    text: await screen.driver.run('return document.querySelector(".code[role=group]").textContent'),
    words: await screen.driver.run('return [...document.querySelectorAll("ol[dir=ltr] li, ol.words li")].map((li) => li.lastChild.textContent.trim())'),
  };
}

async function approves(screen, asked) {
  await screen.tap('Members');
  await screen.tap('Answer a request');
  await screen.type(/^Paste its text/, asked.text);
  await screen.tap('Read the request');
  await screen.tap('The words are the same');
  await screen.tap(/^Approve/);
  await screen.sees('is approved');
  await screen.find({ css: '.code[role="group"]' });
  const text = await screen.driver.run('return document.querySelector(".code[role=group]").textContent');
  await screen.close();
  return text;
}

/** One record finished as incomplete for a reason of her own, then changed for another. */
async function fills(screen) {
  await screen.tap('Today');
  await screen.tap(/^Village notes/);
  await writes(screen, SAID.text);
  await screen.write('sealed', SAID.severe);
  await screen.saved();
  await screen.act({ css: '.foot .btn-main' }, (element) => screen.driver.click(element));
  await screen.find({ css: '[data-stage="finishing"]' });
  await screen.tick('Something else', 'radio');
  await screen.act({ css: '[data-stage="finishing"] textarea' }, (element) => screen.driver.fill(element, SAID.reason));
  await screen.tap('Finish as incomplete');
  await screen.find({ css: '[data-stage="finished"]' });
  await screen.tap(/Today/);
  await screen.at('field.today');
}

async function writes(screen, text) {
  await screen.find({ css: '[data-stage="filling"]' });
  await screen.write('told', text);
  await screen.saved();
}

async function searches(screen) {
  await screen.tap('Records');
  await screen.at('field.records');
  await screen.sees(/Village notes/);
  await screen.tap(/^Search/);
  await screen.act({ css: '[role=search] input' }, (element) => screen.driver.fill(element, SAID.search));
  await pause(600);
  await stop('while she searches');
  await screen.tap('Show all');
  await screen.tap(/^Village notes/);
  await screen.at('field.record');
  await screen.tap(/^Change/);
  await screen.act({ css: 'dialog textarea' }, (element) => screen.driver.fill(element, SAID.amendment));
  await screen.driver.click(await screen.find({ css: 'dialog .feet .btn-main' }));
  await screen.find({ css: '[data-stage="filling"]' });
  await screen.tap(/^Back/);
}

async function changesWords(screen) {
  await screen.tap('Today');
  await screen.at('field.today');
  await screen.tap(/^Settings/);
  await screen.at('field.device');
  await screen.tap(/words/);
  await screen.act({ css: 'dialog input' }, (element) => screen.driver.fill(element, SAID.passphrase));
  await screen.tick('My own words', 'radio');
  await screen.type(/^Your own words/, SAID.otherPassphrase);
  await screen.type(/^The same again/, SAID.otherPassphrase);
  await screen.driver.click(await screen.find({ css: 'dialog .feet .btn-main' }));
  for (let tries = 0; await screen.has({ css: 'dialog[open]' }); tries += 1) {
    if (tries > 200) throw new Error('the words are not changed');
    await pause(100);
  }
  await screen.tap(/^Back/);
  await screen.at('field.today');
}

/** Where the tile of the form and the field for text are on the glass; the form stays open. */
async function whereThingsAre(screen) {
  const middle = (css) => screen.driver.run(`const at = document.querySelector('${css}').getBoundingClientRect();
    return { x: Math.round(at.x + at.width / 2), y: Math.round(at.y + at.height / 2) }`);
  const tile = await middle('[data-screen="field.today"] .tile');
  await screen.tap(/^Village notes/);
  await screen.find({ css: '[data-stage="filling"]' });
  return { tile, field: await middle('[data-path$="/told"] textarea') };
}

/** Ends the window as a session that closes does, and waits until nothing of it runs. */
async function ends(app, signal) {
  const window = children(app.child.pid).find((pid) => /notes/.test(readFileSync(`/proc/${pid}/comm`, 'utf8')));
  process.kill(window, signal);
  for (let tries = 0; isThere(window); tries += 1) {
    if (tries > 100) throw new Error('the window does not end');
    await pause(100);
  }
  await pause(700);
  machine.kill(app.child);
  await pause(150);
}

function children(parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
    .filter((pid) => {
      try {
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

function isThere(pid) {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The same window as people start it, which nobody can drive: the keyboard itself writes. */
async function byKeys({ tile, field }) {
  const onTablet = (record) => onDisk(machine, folders.tablet, SAID.otherPassphrase, record);
  const before = (await onTablet()).drafts;
  const env = { ...machine.environment, DISPLAY: screenNumber };
  const { child } = await machine.start(NOTES, [folders.tablet, '--card', card], { env: { DISPLAY: screenNumber }, line: false });
  const keys = (...words) => {
    const done = spawnSync('xdotool', words, { env, encoding: 'utf8' });
    assert.equal(done.status, 0, `xdotool ${words[0]}: ${done.stderr}`);
    return done.stdout.trim();
  };
  const tap = async ({ x, y }) => {
    keys('mousemove', String(x), String(y), 'click', '1');
    await pause(1500);
  };
  await pause(4000);
  const window = keys('search', '--sync', '--onlyvisible', '--pid', String(child.pid)).split('\n').pop();
  keys('windowmove', window, '0', '0');
  keys('windowfocus', window);
  await pause(500);
  // The field for the words has the focus from the beginning.
  keys('type', '--delay', '30', SAID.otherPassphrase);
  keys('key', 'Return');
  await pause(4000);
  await tap(tile);
  await tap(field);
  keys('type', '--delay', '30', SAID.unfinished);
  await pause(2500);
  const [begun] = (await onTablet()).drafts.filter((id) => !before.includes(id));
  assert.ok(begun, 'the keys unlocked the tablet and began a record');
  const written = Object.values((await onTablet(begun)).values);
  assert.ok(written.includes(SAID.unfinished), `the keys wrote ${JSON.stringify(written)}`);
  await stop('while she writes in a window that nobody drives');
  process.kill(child.pid, 'SIGTERM');
  await pause(1500);
  await stop('after that window was asked to end');
}
