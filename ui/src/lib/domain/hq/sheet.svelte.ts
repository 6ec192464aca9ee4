/** One record at headquarters: read it, settle its two answers, open what is sealed. */
import { officeRecord, resolve } from '$lib/ipc/commands';
import type { AnswerLine, ConflictCard, OfficeSheet } from '$lib/ipc/types';

/** How a person settles two answers. */
export type Outcome = { kind: 'claim'; claim: string } | { kind: 'value'; value: string } | { kind: 'none' };

/** What `resolve` takes for an outcome; `undefined` while something is still to be chosen or written. */
export function outcomeValue(card: ConflictCard, outcome: Outcome | undefined): string | null | undefined {
  if (outcome === undefined) return undefined;
  if (outcome.kind === 'none') return null;
  if (outcome.kind === 'value') return outcome.value.trim() === '' ? undefined : outcome.value.trim();
  return card.claims.find(({ claim }) => claim === outcome.claim)?.value;
}

/** Answers under the part of the form that they are in, in the form's order. */
export function byPart(answers: readonly AnswerLine[]): { part: string; lines: AnswerLine[] }[] {
  const parts: { part: string; lines: AnswerLine[] }[] = [];
  for (const line of answers) {
    const part = line.part ?? '';
    const last = parts.at(-1);
    if (last?.part === part) last.lines.push(line);
    else parts.push({ part, lines: [line] });
  }
  return parts;
}

export class SheetDesk {
  sheet = $state.raw<OfficeSheet | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  busy = $state(false);
  /** Questions that were settled here, by label. */
  settled = $state.raw<readonly string[]>([]);
  #id: string;

  constructor(id: string) {
    this.#id = id;
  }

  load(): Promise<void> {
    return this.#ask(false);
  }

  /** Opening sealed answers is written into the audit trail each time. */
  open(): Promise<void> {
    return this.#ask(true);
  }

  /** Supersedes the claims that were on screen, and only those. Gives whether it worked. */
  async settle(card: ConflictCard, value: string | null): Promise<boolean> {
    this.busy = true;
    this.problem = undefined;
    try {
      await resolve(
        card.record,
        card.path,
        value,
        card.claims.map(({ claim }) => claim),
      );
      this.settled = [...this.settled, card.label];
    } catch (problem) {
      this.problem = problem;
      return false;
    } finally {
      this.busy = false;
    }
    await this.load();
    return true;
  }

  async #ask(severe: boolean): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    try {
      this.sheet = await officeRecord(this.#id, severe);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }
}
