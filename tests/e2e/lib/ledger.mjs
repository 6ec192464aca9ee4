// What the screen has acknowledged, kept outside the app; after a death the device is held against it.
import { strict as assert } from 'node:assert';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bridge } from './chromium.mjs';
import { desk } from './tour.mjs';

/** What is on screen, in one look: when nothing is pending, all of it is acknowledged. */
export const LOOK = `
  const form = document.querySelector('[data-record]');
  if (!form) return null;
  const of = (name) => form.getAttribute('data-' + name);
  return {
    record: of('record'), stage: of('stage'), pending: of('pending'), part: Number(of('part')), focus: of('focus'),
    values: Object.fromEntries([...form.querySelectorAll('[data-path][data-value]')]
      .map((one) => [one.getAttribute('data-path'), one.getAttribute('data-value')])),
  };`;

export class Ledger {
  record = null;
  /** Acknowledged values by path. */
  values = new Map();
  place = null;
  /** What was begun since the last look in which nothing was pending: it may have arrived or not. */
  flying = [];
  looks = 0;

  /** Something is about to be done: an answer to a path, or going on. */
  begin(path, values = []) {
    this.flying.push({ path, values });
  }

  /**
   * Takes what one look saw. A tap may still be on its way to the page when a look finds nothing pending; so what is in
   * flight lands only when its value is seen, or when something after it was waited for.
   */
  take(seen, waited = true) {
    if (!seen || seen.pending !== '0' || !seen.record) return;
    this.looks += 1;
    if (seen.record !== this.record) this.values.clear();
    this.record = seen.record;
    this.place = { part: seen.part, focus: seen.focus };
    for (const [path, value] of Object.entries(seen.values)) this.values.set(path, value);
    if (waited) this.#landUnseen(seen.values);
    const landed = (path, value) => Object.entries(seen.values).some(([at, is]) => at.endsWith(`/${path}`) && is === value);
    const last = new Map(this.flying.map(({ path, values }) => [path, values[0]]));
    this.flying = waited ? [] : this.flying.filter(({ path }) => !landed(path, last.get(path)));
  }

  /** What flew on a part that is no longer on screen has landed too: it was in the queue before what was waited for. */
  #landUnseen(seen) {
    for (const { path, values } of this.flying.filter((one) => one.path)) {
      const at = [...this.values.keys()].find((one) => one.endsWith(`/${path}`));
      if (at && !(at in seen)) this.values.set(at, values[0]);
    }
  }

  #mayFly(path) {
    return this.flying.filter((one) => one.path && path.endsWith(`/${one.path}`)).flatMap((one) => one.values);
  }

  /** Compares with values that were found; gives how many were held against each other. */
  holds(found, where) {
    let held = 0;
    for (const [path, value] of this.values) {
      if (!(path in found)) continue;
      held += 1;
      const allowed = [value, ...this.#mayFly(path)];
      assert.ok(allowed.includes(found[path]), `${where}: ${path} was acknowledged as “${value}” and is “${found[path]}”`);
    }
    return held;
  }

  /** Every acknowledged answer that is not blank must be among what was found. */
  isAllIn(found, where) {
    this.holds(found, where);
    for (const [path, value] of this.values) {
      if (value === '' || path in found) continue;
      assert.ok(this.flying.length > 0, `${where}: ${path}, acknowledged as “${value}”, is not there`);
    }
  }

  /** Where the form opened; what was in flight may have come further, a script or a turn to any question of its part. */
  isThere({ part, focus }) {
    const at = this.place;
    const same = part === at.part && (focus ?? null) === at.focus;
    const further = this.flying.some(({ path }) => part >= at.part && (focus === null || !path || focus.endsWith(`/${path}`)));
    assert.ok(same || further, `she was at ${JSON.stringify(at)}, the form opened at ${JSON.stringify({ part, focus })}; in flight ${JSON.stringify(this.flying)}`);
  }
}

/** Reads a copy of a device's folder, as the death left it: all answers of the record, how many records there are. */
export async function onDisk(machine, folder, passphrase, record) {
  const copy = join(machine.root, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  const { child, url } = await bridge(machine, copy);
  try {
    const call = desk(url);
    await call('unlock', { passphrase });
    const { total } = await call('records', { query: { limit: 1 } });
    const drafts = (await call('records', { query: { place: 'draft', limit: 100 } })).rows.map(({ id }) => id);
    if (!record) return { total, drafts };
    let form = await call('open', { record });
    const place = { part: form.part, focus: form.focus };
    const values = {};
    for (let part = 0; part < form.parts.length; part += 1) {
      form = await call('turn', { part });
      gather(form.items, values);
    }
    return { total, place, values };
  } finally {
    machine.kill(child);
  }
}

function gather(thing, into) {
  if (Array.isArray(thing)) thing.forEach((one) => gather(one, into));
  if (!thing || typeof thing !== 'object') return;
  if (typeof thing.path === 'string' && typeof thing.value === 'string') into[thing.path] = thing.value;
  for (const one of Object.values(thing)) if (typeof one === 'object') gather(one, into);
}
