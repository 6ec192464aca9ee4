/**
 * The last draft that was discarded. The offer to bring it back stays until the next act or until locking: it is not a
 * message that vanishes by itself.
 */
import { bringBack, discard } from '$lib/ipc/commands';
import type { RecordRow } from '$lib/ipc/types';
import { recordName } from './delivery';

class Undo {
  /** What was discarded; `back` when it was brought back. */
  last = $state.raw<{ id: string; name: string; back: boolean } | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);

  /** Discards a draft. Gives whether it worked. */
  async discard(row: RecordRow, now: number): Promise<boolean> {
    this.clear();
    try {
      await discard(row.id);
      this.last = { id: row.id, name: recordName(row, now), back: false };
      return true;
    } catch (problem) {
      this.problem = problem;
      return false;
    }
  }

  async bringBack(): Promise<boolean> {
    if (!this.last) return false;
    try {
      await bringBack(this.last.id);
      this.last = { ...this.last, back: true };
      return true;
    } catch (problem) {
      this.problem = problem;
      return false;
    }
  }

  clear(): void {
    this.last = undefined;
    this.problem = undefined;
  }
}

export const undo = new Undo();
