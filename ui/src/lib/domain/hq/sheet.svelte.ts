/** One record at headquarters: read it, settle its two answers, open what is sealed. */
import { officeRecord, resolve } from '$lib/ipc/commands';
import type { AnswerLine, ConflictCard, HistoryLine, OfficeSheet } from '$lib/ipc/types';

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

/** Changes that one person made at one moment, in the order of the history. */
export interface Moment {
  author: string;
  at: number;
  lines: HistoryLine[];
}

/** A form that is filled at once makes dozens of lines that say one thing: who wrote it, and when. */
export function moments(history: readonly HistoryLine[]): Moment[] {
  const found: Moment[] = [];
  for (const line of history) {
    const last = found.at(-1);
    if (last?.at === line.at && last.author === line.author) last.lines.push(line);
    else found.push({ author: line.author, at: line.at, lines: [line] });
  }
  return found;
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
