// Times the engine of ODK Web Forms on two forms: node engine.mjs DIR THOUSAND.xml LIST.xml "ZONE ZONE …"
// DIR holds node_modules with @getodk/xforms-engine and jsdom. Prints medians in milliseconds as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [dir, thousandFile, listFile, zones] = process.argv.slice(2);
const require = createRequire(path.resolve(dir, 'package.json'));
// The engine expects a browser and a bundler.
globalThis.require = require;
globalThis.__dirname = process.cwd();
const { JSDOM } = await import(pathToFileURL(require.resolve('jsdom')));
const { window } = new JSDOM('<!doctype html>', { url: 'http://localhost/' });
for (const name of ['DOMParser', 'document', 'Node', 'Element', 'localStorage', 'XMLSerializer']) {
  globalThis[name] ??= window[name];
}
const { loadForm } = await import(pathToFileURL(require.resolve('@getodk/xforms-engine')));

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const timed = (work) => {
  const begun = performance.now();
  const value = work();
  return [performance.now() - begun, value];
};

const open = async (xml) => {
  const begun = performance.now();
  const form = await loadForm(xml, {
    missingResourceBehavior: 'BLANK',
    fetchFormAttachment: async () => new Response('', { status: 404 }),
  });
  if (form.status === 'failure') throw form.error;
  const { root } = form.createInstance();
  return [performance.now() - begun, root];
};

const find = (node, reference) => {
  if (node.currentState.reference === reference) return node;
  for (const child of node.currentState.children ?? []) {
    const found = find(child, reference);
    if (found) return found;
  }
  return undefined;
};

const thousand = readFileSync(thousandFile, 'utf8');
const opened = [];
let root;
for (let turn = 0; turn < 3; turn += 1) {
  const [took, fresh] = await open(thousand);
  opened.push(took);
  root = fresh;
}
const settle = (reference, values) => {
  const node = find(root, reference);
  const times = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const [took] = timed(() => node.setValue(values[turn % 2]));
    times.push(took);
  }
  return median(times);
};
const local = settle('/data/g50/q0', [3n, 7n]);
const wide = settle('/data/g0/q5', [null, 7n]);

const [listOpen, list] = await open(readFileSync(listFile, 'utf8'));
const zone = find(list, '/data/zone');
const item = find(list, '/data/item');
const filtered = zones.split(' ').map((name) => {
  const [took, count] = timed(() => {
    zone.setValue(name);
    return item.currentState.valueOptions.length;
  });
  if (count !== 100) throw new Error(`${count} choices in ${name}`);
  return took;
});
const found = { open: median(opened), settle: local, settle_wide: wide, list_open: listOpen, filter: median(filtered) };
process.stdout.write(JSON.stringify(found), () => process.exit(0));
