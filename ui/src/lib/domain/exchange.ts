/** What an exchange did, where nothing was exchanged. */
import type { ExchangeView } from '$lib/ipc/types';

/** A refusal is a report as well: nothing was exchanged, and why. */
export function refused(way: string, name: string, problem: unknown): ExchangeView {
  const code = (problem as { code?: unknown }).code;
  return {
    at: Date.now(),
    way,
    name,
    records_out: 0,
    records_in: 0,
    already_had: 0,
    waiting: 0,
    set_aside: 0,
    receipts: 0,
    damaged: 0,
    pieces: 0,
    file: null,
    bytes: 0,
    outcome: 'failed',
    code: typeof code === 'string' ? code : 'bridge.unreadable',
  };
}
