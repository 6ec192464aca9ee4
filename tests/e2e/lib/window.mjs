// The real app in a real window: WebKitGTK's own WebDriver, under a display of its own.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { NOTES, freePort, pause } from './machine.mjs';
import { Screen } from './screen.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** A display that nobody looks at. */
export async function display(machine, size = '1280x1112x24') {
  for (let number = 90; number < 200; number += 1) {
    const child = spawn('Xvfb', [`:${number}`, '-screen', '0', size, '-nolisten', 'tcp'], {
      stdio: 'ignore',
      detached: true,
    });
    machine.running.add(child);
    await pause(600);
    if (child.exitCode === null) return `:${number}`;
    machine.running.delete(child);
  }
  throw new Error('no free display for Xvfb');
}

/** Opens the app on a folder. */
export async function openInWindow(machine, screenNumber, folder, { cards = [], binary = NOTES } = {}) {
  const port = await freePort();
  const env = { DISPLAY: screenNumber, TAURI_AUTOMATION: 'true', TAURI_WEBVIEW_AUTOMATION: 'true' };
  const { child } = await machine.start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], { env, line: false });
  const base = `http://127.0.0.1:${port}`;
  await ready(base);
  const args = binary !== NOTES ? [] : [folder, '--automation', ...cards.flatMap((card) => ['--card', card])];
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } };
  const { sessionId } = await ask(base, 'POST', '/session', { capabilities });
  const session = `/session/${sessionId}`;
  const call = (method, path, body) => ask(base, method, session + path, body);
  return {
    screen: new Screen(driver(call)),
    child,
    async kill() {
      // Driver, app and webview processes end at once, as when the battery dies.
      machine.kill(child);
      await pause(150);
    },
    async close() {
      await call('DELETE', '').catch(() => {});
      machine.kill(child);
      await pause(100);
    },
  };
}

async function ready(base) {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await ask(base, 'GET', '/status');
      return;
    } catch {
      await pause(50);
    }
  }
  throw new Error('WebKitWebDriver does not answer');
}

async function ask(base, method, path, body) {
  const response = await fetch(base + path, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

function driver(call) {
  const run = (script, args = []) => call('POST', '/execute/sync', { script, args });
  const id = (element) => element[ELEMENT];
  return {
    find: (finder, wanted) => run(`return (${finder})(arguments[0])`, [wanted]),
    click: async (element) => {
      await run('arguments[0].scrollIntoView({ block: "center" })', [element]);
      await call('POST', `/element/${id(element)}/click`, {});
    },
    fill: async (element, text) => {
      await run('arguments[0].scrollIntoView({ block: "center" })', [element]);
      await call('POST', `/element/${id(element)}/clear`, {});
      await call('POST', `/element/${id(element)}/value`, { text });
    },
    upload: (element, file) => call('POST', `/element/${id(element)}/value`, { text: file }),
    press: (key) => call('POST', '/actions', { actions: [{ type: 'key', id: 'keys', actions: [
      { type: 'keyDown', value: key }, { type: 'keyUp', value: key }] }] }),
    run: (script) => run(script),
    shot: async (path) => writeFileSync(path, Buffer.from(await call('GET', '/screenshot'), 'base64')),
  };
}
