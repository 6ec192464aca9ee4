// What `cargo xtask e2e` runs: the story in a browser and in the real window, deaths, what axe finds, the keyboard.
// `node e2e.mjs [--only NAME]`, NAME one of story, window, kills, axe, keyboard; what follows `--` goes to that script.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Machine } from './lib/machine.mjs';
import { demoOfToday } from './lib/today.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const rest = words.includes('--') ? words.splice(words.indexOf('--')).slice(1) : [];
const only = words.includes('--only') ? words[words.indexOf('--only') + 1] : undefined;

const STEPS = [
  { name: 'story', script: 'story.mjs', args: ['browser'] },
  { name: 'window', script: 'story.mjs', args: ['window'] },
  { name: 'kills', script: 'kills.mjs', args: [] },
  { name: 'axe', script: 'axe.mjs', args: [] },
  { name: 'keyboard', script: 'keyboard.mjs', args: [] },
];
const steps = STEPS.filter(({ name }) => !only || name === only);
if (steps.length === 0) {
  console.error(`--only knows ${STEPS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

// One demo workspace for all that want a copy of a device; making one takes longer than using it.
const machine = new Machine('baraza-e2e');
let broken = 0;
try {
  const env = { ...process.env, BARAZA_DEMO: demoOfToday(machine) };
  for (const { name, script, args } of steps) {
    const begun = Date.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(here, script), ...args, ...rest], {
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const seconds = Math.round((Date.now() - begun) / 1000);
    const last = stdout.trim().split('\n').pop();
    if (status === 0) {
      console.log(`  ${name}: ${seconds} s. ${last}`);
    } else {
      broken += 1;
      console.log(`  ${name}: ${seconds} s, NOT PASSED\n${stdout}${stderr}`);
    }
  }
} finally {
  machine.close();
}
process.exitCode = broken === 0 ? 0 : 1;
