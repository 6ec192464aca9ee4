// What the system knows about programs: who started whom, when, and how much memory is really theirs.
import { readFileSync, readdirSync } from 'node:fs';

const stat = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
const TICKS_A_SECOND = 100;

/** A program and everything that it started, it first. */
export function family(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      parents.set(Number(name), Number(stat(name)[1]));
    } catch {
      // It has just ended.
    }
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

/** Megabytes, shared ones divided by how many share them. */
export function proportional(pids) {
  const of = (pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  };
  return pids.reduce((sum, pid) => sum + of(pid), 0) / 1000;
}

/** When a program started, in milliseconds of the clock; to a hundredth of a second. */
export function bornAt(pid) {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Date.now() - (uptime - Number(stat(pid)[19]) / TICKS_A_SECOND) * 1000;
}
