// Imani fills the survey as fast as she can, until the battery dies: sometimes she changes her mind, sometimes she
// does not wait until an answer is saved.
import { DOOR, SURVEY } from './answers.mjs';
import { pause } from './machine.mjs';
import { LOOK } from './ledger.mjs';
import { fill } from './story.mjs';

export const ANSWERS = [...DOOR, ...SURVEY];
const SCALE = ['very_unsafe', 'unsafe', 'neither', 'safe', 'very_safe'];
const OPINION = /\/(g_safe1|g_safe2)\//;

export const look = (screen) => screen.driver.run(LOOK);

/** Goes on from what stands on the device; `ledger` learns what the screen acknowledges. Ends when all is answered. */
export async function goOn(screen, ledger, dice, isStored) {
  for (const [index, wanted] of ANSWERS.entries()) {
    const [path, value, kind = 'choose', stored = value] = wanted;
    if (kind === 'script') {
      if (await isBehind(screen, ANSWERS[index + 1], isStored)) continue;
    } else if (isStored(path)) continue;
    ledger.begin(path, [stored]);
    const quick = kind === 'choose' && dice.chance(0.4) && (await screen.has({ path, role: 'choice', value }));
    if (quick) await screen.choose(path, value);
    else await fill(screen, [wanted], []);
    ledger.take(await look(screen), !quick);
    if (dice.chance(0.2)) await thinkAgain(screen, ledger, dice);
  }
  await screen.saved();
  ledger.take(await look(screen));
}

/** Scripts come before a question; once it is there, they were read. */
async function isBehind(screen, next, isStored) {
  for (let tries = 0; tries < 10; tries += 1) {
    const { stage } = await look(screen);
    if (stage === 'reading') return false;
    const [path, , kind] = next;
    if (kind !== 'script' && (isStored(path) || (await screen.has({ path })))) return true;
    await pause(30);
  }
  return false;
}

/** Gives another answer to an opinion that is on screen. */
async function thinkAgain(screen, ledger, dice) {
  const { values, stage } = await look(screen);
  const given = Object.keys(values).filter((path) => OPINION.test(path) && SCALE.includes(values[path]));
  if (stage !== 'filling' || given.length === 0) return;
  const path = dice.pick(given).split('/').slice(-2).join('/');
  const value = dice.pick(SCALE);
  ledger.begin(path, [value]);
  await screen.choose(path, value);
  ledger.take(await look(screen), false);
}
