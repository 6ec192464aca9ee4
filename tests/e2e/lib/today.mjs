// A demo workspace of today, for what runs by the system's clock; the tour's is of one fixed hour.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Its folder: the one that `$BARAZA_DEMO` names, else made now on this machine. */
export function demoOfToday(machine) {
  if (process.env.BARAZA_DEMO) return process.env.BARAZA_DEMO;
  const folder = join(machine.root, 'today');
  if (!existsSync(folder)) machine.baraza(['demo-workspace', folder]);
  return folder;
}
