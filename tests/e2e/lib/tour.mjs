// Every screen of the app, on the demo workspace: where it is, and what must be done to see it.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { bridge } from './chromium.mjs';

const PASSPHRASE = 'seven invented goats walk to the story well';
/** The hour at which the demo is looked at, so that pictures of two days differ only where the app does. */
export const NOW = '2026-11-20T09:42:00+03:00';

/** Asks the core behind a bridge, as the interface does. */
export function desk(url) {
  const { origin, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get('token');
  return async (name, args = {}) => {
    const response = await fetch(`${origin}/ipc/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bridge-token': token },
      body: JSON.stringify(args),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer;
  };
}

/** Makes the demo workspace on a machine. */
export function demo(machine) {
  const dir = join(machine.root, 'demo');
  machine.baraza(['demo-workspace', dir, '--now', NOW]);
  return dir;
}

/**
 * The stops of the tour. Each: the name (that of the mockup, where there is one), the address with its preset screen,
 * and what to do before it is looked at.
 */
export async function stops(machine) {
  const dir = demo(machine);
  const cards = [join(dir, 'cards')];
  const open = async (name, folder, unlock = true) => {
    const { url } = await bridge(machine, folder, { cards, now: NOW });
    const call = desk(url);
    if (unlock) await call('unlock', { passphrase: PASSPHRASE });
    return { name, url, call };
  };
  const device = (name) => join(dir, 'devices', name);
  const copy = (name, as) => {
    cpSync(device(name), join(dir, 'devices', as), { recursive: true });
    return device(as);
  };

  const locked = await open('locked', copy('reed', 'reed-locked'), false);
  const consent = await open('consent', copy('reed', 'reed-consent'));
  const group = await consentPart(consent.call);
  const reed = await open('reed', device('reed'));
  const kite = await open('kite', device('kite'));
  const office = await open('office', device('headquarters'));
  const empty = await open('empty', machine.folder('empty'), false);

  const draft = (await reed.call('records', { query: { place: 'draft', limit: 1 } })).rows[0];
  const received = (await reed.call('records', { query: { place: 'received', limit: 1 } })).rows[0];
  const contested = (await kite.call('records', { query: { needs: 'two-answers', limit: 1 } })).rows[0];
  const scale = await scalePart(reed.call, draft.id);
  const at = (place, screen, params = {}) => {
    const query = new URLSearchParams({ screen, ...params });
    return place.url.replace('/#', `/?${query}&LOOK#`);
  };
  const screens = [
    { name: '00-welcome', url: at(empty, 'entry.welcome') },
    { name: '00-join', url: at(empty, 'entry.join') },
    { name: '00-found', url: at(empty, 'entry.found') },
    { name: '01-unlock', url: at(locked, 'entry.unlock') },
    { name: '02-home', url: at(reed, 'field.today') },
    { name: '03-form', url: at(reed, 'form.fill', { open: draft.id }), before: () => reed.call('turn', { part: scale }) },
    { name: '03b-jump', url: at(reed, 'form.fill', { open: draft.id }), tap: '[data-jump]' },
    { name: '04-consent', url: at(consent, 'form.fill', { open: group }) },
    { name: '05-conflict', url: at(kite, 'field.conflict', { record: contested.id }) },
    { name: '06-records', url: at(reed, 'field.records') },
    { name: '06-record', url: at(reed, 'field.record', { id: received.id }) },
    { name: '07-handover', url: at(reed, 'field.handover') },
    { name: '08-lock', url: at(reed, 'field.device') },
    { name: '11-inbox', url: at(office, 'hq.inbox') },
    { name: '12-table', url: at(office, 'hq.table', { form: 'baraza_fgd' }) },
    { name: '12-drawer', url: at(office, 'hq.table', { form: 'baraza_fgd' }), tap: 'tbody tr button, tbody tr [role="button"]' },
    { name: '15-members', url: at(office, 'hq.members') },
    { name: '16-forms', url: at(office, 'hq.forms') },
  ];
  const places = [locked, consent, reed, kite, office, empty];
  return screens.map((stop) => ({ ...stop, speak: speaker(places.find(({ url }) => stop.url.startsWith(url.split('/#')[0]))) }));
}

/** Lets the core speak a language too: what it takes from forms follows the settings, an open form its own switch. */
function speaker({ call }) {
  return async (language) => {
    const { settings, stage } = await call('status');
    await call('save_settings', { settings: { ...settings, language } });
    const open = stage === 'open' ? await call('screen').catch(() => undefined) : undefined;
    const own = open?.languages.find((one) => one.code === language);
    if (own) await call('speak', { language: own.name });
  };
}

/** The part of a form that asks by the pictorial scale. */
async function scalePart(call, record) {
  const { parts } = await call('open', { record });
  for (let part = parts.length - 1; part > 0; part -= 1) {
    const { items } = await call('turn', { part });
    if (items.some((item) => item.control?.style === 'scale')) return part;
  }
  throw new Error('no part has a scale');
}

/** A discussion that has come to its scripts. */
async function consentPart(call) {
  const begun = await call('begin', { form: 'baraza_fgd' });
  const part = begun.parts.findIndex((one) => /read aloud/i.test(one.title));
  const screen = await call('turn', { part });
  return screen.record;
}
