// A machine of its own for a story: folders under one root, programs that end with it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync, copyFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const BARAZA = process.env.BARAZA ?? join(ROOT, 'target/debug/baraza');
export const NOTES = process.env.NOTES ?? join(ROOT, 'target/debug/notes');
export const UI = process.env.BARAZA_UI ?? join(ROOT, 'ui/dist');

export const pause = (ms) => new Promise((then) => setTimeout(then, ms));

/** A free port of the loopback address. */
export const freePort = () =>
  new Promise((then, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => then(port));
    });
  });

export class Machine {
  /** A root that is given stays when the machine closes. */
  constructor(name = 'baraza-e2e', root = undefined) {
    this.root = root ?? mkdtempSync(join(tmpdir(), `${name}-`));
    this.stays = root !== undefined || Boolean(process.env.KEEP);
    this.running = new Set();
  }

  /** A folder of this machine. */
  folder(...parts) {
    const path = join(this.root, ...parts);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** An environment in which HOME, the XDG folders and TMPDIR lie under the root. */
  get environment() {
    const home = this.folder('home');
    // What moves under a finger is missed: people who ask for less motion get the same.
    writeFileSync(join(this.folder('home/.config/gtk-3.0'), 'settings.ini'), '[Settings]\ngtk-enable-animations=0\n');
    return {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: home,
      XDG_CONFIG_HOME: this.folder('home/.config'),
      XDG_DATA_HOME: this.folder('home/.local/share'),
      XDG_CACHE_HOME: this.folder('home/.cache'),
      XDG_STATE_HOME: this.folder('home/.local/state'),
      XDG_RUNTIME_DIR: this.folder('run'),
      TMPDIR: this.folder('tmp'),
    };
  }

  /** Starts a program and waits for its first line. */
  async start(program, args, { env = {}, line = true } = {}) {
    const child = spawn(program, args, {
      env: { ...this.environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.running.add(child);
    child.on('exit', () => this.running.delete(child));
    let told = '';
    child.stderr.on('data', (data) => (told += data));
    if (!line) return { child, said: '' };
    const said = await new Promise((then, failed) => {
      let text = '';
      child.stdout.on('data', (data) => {
        text += data;
        if (text.includes('\n')) then(text.split('\n')[0]);
      });
      child.on('error', failed);
      child.on('exit', (code) => failed(new Error(`${program} ended with ${code}: ${told}`)));
    });
    return { child, said };
  }

  /** Runs `baraza` to its end; gives what it printed. */
  baraza(args, passphrase) {
    const env = { ...this.environment };
    if (passphrase) {
      env.BARAZA_PASSPHRASE_FILE = join(this.root, 'passphrase');
      writeFileSync(env.BARAZA_PASSPHRASE_FILE, `${passphrase}\n`, { mode: 0o600 });
    }
    const done = spawnSync(BARAZA, args, { env, encoding: 'utf8' });
    if (passphrase) rmSync(env.BARAZA_PASSPHRASE_FILE);
    if (done.status !== 0) throw new Error(`baraza ${args.join(' ')}: ${done.stderr}`);
    return done.stdout.trim();
  }

  /** Puts the instruments with their attachments on a card. */
  instruments(card) {
    const from = join(ROOT, 'schemas/instruments/xlsx');
    for (const name of readdirSync(from)) copyFileSync(join(from, name), join(card, name));
  }

  /** Ends a program at once, with all it started, as a dead battery would. */
  kill(child) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  close() {
    for (const child of this.running) this.kill(child);
    if (!this.stays) rmSync(this.root, { recursive: true, force: true });
  }
}
