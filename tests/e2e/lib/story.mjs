// The story by hand, on any screen: from an invitation to the CSV file at headquarters.
import { strict as assert } from 'node:assert';
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BARAZA, pause } from './machine.mjs';
import { demoOfToday } from './today.mjs';
import { DOOR, PRIORITY, SURVEY } from './answers.mjs';

export const OFFICER = 'river lantern copper seventeen baskets drum';
export const REED = 'seven invented goats walk to the story well';

/** The four languages of the interface by their own names, as the switch shows them. */
const ARABIC = 'العربية';
const ENGLISH = 'English';

/**
 * Ines founds a workspace, the tablet Reed joins, Imani fills a survey in Arabic, the tablet dies and goes on; she
 * hands over by hub and by card, headquarters imports and exports. `open(folder, {cards})` opens the app on a folder;
 * it gives `{ screen, kill, close }`.
 */
export async function fromVillageToHeadquarters(machine, open, tell = () => {}) {
  const card = machine.folder('card');
  const folders = { office: machine.folder('office'), reed: machine.folder('reed') };
  machine.instruments(card);
  const at = (who) => open(folders[who], { cards: [card] });

  tell('headquarters makes a workspace, publishes the survey and invites a tablet');
  let office = await at('office');
  await found(office.screen);
  await publish(office.screen, 'survey.xlsx');
  const invitation = await invite(office.screen);

  tell('the tablet Reed joins, and both sides see the same words');
  let reed = await at('reed');
  const asked = await join_(reed.screen, invitation);
  const approval = await approve(office.screen, asked);
  await writeCard(office.screen);
  await office.close();
  await reed.screen.type('Paste the text here', approval);
  await reed.screen.tap('Take the approval');
  await reed.screen.at('field.today');
  await readCard(reed.screen);
  await reed.screen.tap('Today');

  tell('Imani fills the survey in Arabic, and the tablet dies in the middle of it');
  await speak(reed.screen, ARABIC);
  await reed.screen.tap(/استبيان/);
  await reed.screen.at('form');
  const begun = [];
  await fill(reed.screen, DOOR, begun);
  const place = await whereabouts(reed.screen);
  await reed.kill();
  reed = await at('reed');
  await unlock(reed.screen, REED);
  await reed.screen.at('field.today');
  await reed.screen.tap(/Kovarrin/);
  await reed.screen.find({ css: '[data-stage="filling"]' });
  assert.deepEqual(await whereabouts(reed.screen), place, 'the form opens on the question where she was');
  await keeps(reed.screen, begun);

  tell('she goes on where she was and finishes; what is severe cannot be read back');
  await fill(reed.screen, SURVEY, []);
  await finish(reed.screen);
  await speak(reed.screen, ENGLISH);
  return { card, folders, at, office, reed };
}

/** The hub carries the record to headquarters and its confirmation back; a card carries the next one. */
export async function handOverTwoWays(machine, { card, folders, at, reed }, tell = () => {}) {
  tell('a hub begins to serve, and headquarters makes it known');
  await reed.close();
  const hub = await serveHub(machine, folders.office);
  let office = await at('office');
  await unlock(office.screen, OFFICER);
  await meetHubFromInbox(office.screen, hub);
  await writeCard(office.screen);
  await office.close();

  tell('she hands over by the hub, headquarters confirms, and her tablet knows');
  reed = await at('reed');
  await unlock(reed.screen, REED);
  await readCard(reed.screen);
  await meetHub(reed.screen, hub);
  await reed.screen.sees('1 record given');
  await reed.close();
  office = await at('office');
  await unlock(office.screen, OFFICER);
  await meetHubFromInbox(office.screen);
  await office.screen.sees('1 record with something new');
  await meetHubFromInbox(office.screen);
  await office.close();
  reed = await at('reed');
  await unlock(reed.screen, REED);
  await meetHub(reed.screen);
  await reed.screen.tap('Records');
  await reed.screen.tap(/Kovarrin/);
  await reed.screen.sees('Received at headquarters');

  tell('the next survey goes by card, as incomplete with its reason');
  await reed.screen.tap('Back');
  await reed.screen.tap('Today');
  await reed.screen.tap(/survey/);
  await fill(reed.screen, DOOR, []);
  await finishIncomplete(reed.screen);
  await reed.screen.tap('Hand over');
  await reed.screen.tap(/^Write a card/);
  await reed.screen.tap(/^card/);
  await reed.screen.find({ css: '[data-report="done"]' });
  await reed.close();

  tell('headquarters imports the card and exports');
  office = await at('office');
  await unlock(office.screen, OFFICER);
  await office.screen.tap('Import a file');
  for (const file of readdirSync(card).filter((name) => name.endsWith('.baraza'))) {
    await office.screen.tick(new RegExp(file));
  }
  await office.screen.tap(/^Import \d/);
  await office.screen.sees('1 record with something new');
  await office.screen.tap('Records');
  await office.screen.sees(/2 records/);
  await office.screen.tap('Export');
  await office.screen.tick(/^card/, 'radio');
  await office.screen.tap('Write the files');
  await office.screen.sees(/baraza_survey.*csv/);
  await office.close();
  const folder = readdirSync(card).find((name) => name.startsWith('baraza_survey-'));
  const rows = readFileSync(join(card, folder, 'baraza_survey.csv'), 'utf8');
  assert.match(rows, /K-07/);
  assert.ok(rows.includes(PRIORITY));
}

/** On the demo workspace: the team's tablet and headquarters see both answers; each settles what it was shown. */
export async function twoAnswers(machine, open, tell = () => {}) {
  const dir = join(machine.root, 'two-answers');
  cpSync(demoOfToday(machine), dir, { recursive: true });
  const at = (device) => open(join(dir, 'devices', device), { cards: [join(dir, 'cards')] });

  tell('on the team’s tablet both answers stand side by side, and Kofi keeps one');
  const kite = await at('kite');
  await unlock(kite.screen, REED);
  await kite.screen.tap('Records');
  await kite.screen.tap(/Two answers 1/);
  await kite.screen.tap(/Kovarrin/);
  await kite.screen.tap('Look at both answers');
  const words = await kite.screen.at('field.conflict').then(() => kite.screen.sees('Keep Heron’s answer'));
  assert.ok(words.includes('Better') && words.includes('Worse'), words);
  await kite.screen.tap('Keep Heron’s answer');
  await kite.screen.sees('Nothing more to settle here');
  await kite.close();

  tell('headquarters imports a late card, settles the same question and sees who said what');
  const office = await at('headquarters');
  await unlock(office.screen, REED);
  await office.screen.tap('Import a file');
  await office.screen.tick(/card-ibis/);
  await office.screen.tap(/^Import 1/);
  await office.screen.sees(/2 records with something new/);
  await office.screen.tap('Open records with two answers');
  await office.screen.act({ css: 'tbody button, tbody [role="button"], tbody tr[tabindex]' }, (row) => office.screen.driver.click(row));
  await office.screen.tap('Settle');
  await office.screen.tick(/^Keep Worse/, 'radio');
  await office.screen.tap('Settle with this');
  await office.screen.sees('Settled');
  await office.screen.sees('from Better to Worse');
  await office.close();
}

/** A blind relay on this machine; gives its address and key. */
async function serveHub(machine, office) {
  const at = (name) => join(machine.folder('hub'), name);
  machine.baraza(['workspace', 'public', office, '-o', at('public')], OFFICER);
  const { said } = await machine.start(BARAZA, [
    'hub', 'serve', '--workspace', at('public'), '--key', at('key'), '--listen', '127.0.0.1:0',
    '--store', `sqlite:${at('store.db')}`,
  ]);
  const [, url, key] = /hub (\S+) key (\S+)/.exec(said);
  return { url, key };
}

async function meetHub(screen, hub) {
  await screen.tap(/Hand over|التسليم/);
  await screen.tap(/^Meet the hub/);
  if (hub) {
    await screen.type(/^Address/, hub.url);
    await screen.tap('Keep this address');
  }
  await screen.tap('Meet it now');
  await screen.find({ css: '[data-report="done"]' });
}

async function meetHubFromInbox(screen, hub) {
  await screen.at('hq.inbox');
  if (hub) {
    await screen.tap('Set the hub');
    await screen.type(/^Address/, hub.url);
    await screen.type(/^Key/, hub.key);
    await screen.tap('Save and meet the hub');
  } else {
    await screen.tap('Meet the hub');
  }
  await screen.sees('Complete');
}

/** Finishes a record that has everything. */
async function finish(screen) {
  await toTheEnd(screen);
  await pressMain(screen);
  await backToToday(screen);
}

async function backToToday(screen) {
  await screen.find({ css: '[data-stage="finished"]' });
  await screen.tap(/^(Back to Today|رجوع إلى اليوم)$/);
  await screen.at('field.today');
}

async function finishIncomplete(screen) {
  await toTheEnd(screen);
  await screen.tick('There was no time', 'radio');
  await screen.tap('Finish as incomplete');
  await backToToday(screen);
}

async function toTheEnd(screen) {
  while ((await screen.form('stage')) !== 'finishing') {
    await pressMain(screen);
    await pause(120);
  }
}

export async function found(screen) {
  await screen.at('entry.welcome');
  await screen.tap(/^Make a workspace/);
  await screen.type('Name of the workspace', 'Mission');
  await screen.tick('My own words', 'radio');
  await screen.type(/^Your own words/, OFFICER);
  await screen.type(/^The same again/, OFFICER);
  await screen.tick('I will move the authority key to a safe place offline');
  await screen.tap('Make the workspace');
  await screen.at('hq.inbox', 60_000);
}

export async function publish(screen, file) {
  await screen.tap('Forms');
  await screen.at('hq.forms');
  await screen.tap('Publish a version');
  await screen.tap(new RegExp(file.replace('.', '\\.')));
  await screen.tap(/^Publish version/, {}, 60_000);
  await screen.sees('is published');
  await screen.close();
}

export async function invite(screen) {
  await screen.tap('Members');
  await screen.at('hq.members');
  await screen.tap('Invite a device');
  await screen.tap('Make the invitation');
  const text = await copied(screen);
  await screen.close();
  return text;
}

/** Joins with a passphrase of one's own; gives the request and its words. */
export async function join_(screen, invitation) {
  await screen.at('entry.welcome');
  await screen.tap(/^Join with an invitation/);
  await screen.type(/^Paste the text here/, invitation);
  await screen.tap('Next');
  await screen.type(/^Name of this tablet/, 'Reed');
  await screen.tap('Next');
  await screen.tick('My own words', 'radio');
  await screen.type(/^Your own words/, REED);
  await screen.type(/^The same again/, REED);
  await screen.tap('Join');
  await screen.at('entry.waiting', 60_000);
  return { text: await copied(screen), words: await comparedWords(screen) };
}

/** Approves after comparing; gives the approval. */
export async function approve(screen, asked) {
  await screen.tap('Members');
  await screen.tap('Answer a request');
  await screen.type(/^Paste its text/, asked.text);
  await screen.tap('Read the request');
  assert.deepEqual(await comparedWords(screen), asked.words, 'both see the same words');
  await screen.tap('The words are the same');
  await screen.tap('Approve Reed');
  await screen.sees('is approved');
  const text = await copied(screen);
  await screen.close();
  return text;
}

export async function unlock(screen, words) {
  await screen.at('entry.unlock');
  await screen.driver.fill(await screen.find({ role: 'field' }), words);
  await screen.tap(/^(Open|فتح|Fungua|Ouvrir)$/);
}

export async function writeCard(screen) {
  await screen.tap('Inbox');
  await screen.at('hq.inbox');
  await screen.tap('Write a card');
  await screen.tick(/^card/, 'radio');
  await screen.tap('Write a card');
  await screen.sees('Card written');
}

export async function readCard(screen) {
  await screen.tap('Hand over');
  await screen.at('field.handover');
  await screen.tap(/^Read a card/);
  await screen.tap(/\.baraza/);
  await screen.find({ css: '[data-report="done"]' });
}

export async function speak(screen, language) {
  await screen.tap(/^(Settings|إعدادات)/);
  await screen.at('field.device');
  await screen.tick(language, 'radio');
  await screen.tap(/^(Back|رجوع)/);
  await screen.at('field.today');
}

/** Answers questions in order, going to the next part where a question is not on this one. */
export async function fill(screen, answers, given) {
  for (const [path, value, kind = 'choose', stored = value] of answers) {
    if (kind === 'script') {
      await readAloud(screen);
      continue;
    }
    await screen.find({ css: '[data-stage="filling"]' });
    while (!(await screen.has({ css: `[data-path$="/${path}"]` }))) await next(screen);
    await answer(screen, path, value, kind);
    await screen.saved();
    given.push([path, stored]);
  }
}

/** Gives one answer, as the control of its question takes it. */
async function answer(screen, path, value, kind) {
  if (kind === 'choose') return screen.choose(path, value);
  if (kind === 'write') return screen.write(path, value);
  await screen.tap(/./, { path });
  return screen.act({ role: 'choice', value }, (element) => screen.driver.click(element));
}

/** Reads a script to its end, then says so. */
async function readAloud(screen) {
  while ((await screen.form('stage')) !== 'reading') await next(screen);
  await screen.driver.run('window.scrollTo(0, document.documentElement.scrollHeight)');
  const script = () => screen.driver.run('return document.querySelector("[data-stage=reading] article.read")?.textContent ?? ""');
  const before = await script();
  await screen.act({ css: '.foot .btn-main:not([aria-disabled="true"]):not([disabled])' }, (button) => screen.driver.click(button));
  for (let tries = 0; (await script()) === before; tries += 1) {
    if (tries > 100) throw new Error('the script stays');
    await pause(50);
  }
}

/** The one main action at the foot of a screen. */
async function pressMain(screen) {
  await screen.act({ css: '.foot .btn-main' }, (button) => screen.driver.click(button));
}

/** Goes to the next part. */
async function next(screen) {
  const before = await screen.form('part');
  await pressMain(screen);
  for (let tries = 0; (await screen.form('part')) === before; tries += 1) {
    if (tries > 100) throw new Error('the next part does not come');
    await pause(50);
  }
}

/** Everything that was acknowledged is there, on whichever part it is. */
async function keeps(screen, given) {
  const seen = await screen.answers();
  for (const [path, value] of given) {
    const here = Object.keys(seen).find((one) => one.endsWith(`/${path}`));
    if (here) assert.equal(seen[here], value, path);
  }
}

export async function whereabouts(screen) {
  return { part: await screen.form('part'), focus: await screen.form('focus') };
}

/** The text of a paper on screen, as a person marks and copies it. */
async function copied(screen) {
  await screen.find({ css: '[dir="ltr"].code, .code[role="group"]' });
  return screen.driver.run('return document.querySelector(".code[role=group]").textContent');
}

/** The words that both people compare. */
async function comparedWords(screen) {
  await screen.find({ css: 'ol li' });
  return screen.driver.run(
    'return [...document.querySelectorAll("ol[dir=ltr] li, ol.words li")].map((li) => li.lastChild.textContent.trim())',
  );
}
