/**
 * Two answers: shows one question after the other and settles it with what a person chose. It never chooses, and it
 * names to the core exactly the answers that were on screen, so that one that came meanwhile is not settled unseen.
 */
import { record, resolve, today } from '$lib/ipc/commands';
import type { ConflictCard, RecordRow, RecordSheet } from '$lib/ipc/types';

/** How an answer other than those on screen is given. */
export type Another = 'one' | 'many' | 'text' | 'number' | 'date' | 'time' | 'none';

const several = new Set(['many', 'select', 'selectMultiple', 'select-multiple', 'multiple', 'rank']);

export function anotherWay(card: Pick<ConflictCard, 'kind' | 'choices' | 'claims'>): Another {
  if (card.choices.length > 0) {
    const codes = new Set(card.choices.map((choice) => choice.value));
    const isList = (value: string | null) =>
      value !== null && !codes.has(value) && value.split(' ').every((code) => codes.has(code));
    if (several.has(card.kind) || card.claims.some((claim) => isList(claim.value))) return 'many';
    return 'one';
  }
  switch (card.kind) {
    case 'string':
    case 'text':
      return 'text';
    case 'int':
    case 'integer':
    case 'decimal':
      return 'number';
    case 'date':
      return 'date';
    case 'time':
      return 'time';
    default:
      // Places, traces, pictures: they are given again in the form, not retyped here.
      return 'none';
  }
}

export class Conflict {
  sheet = $state.raw<RecordSheet | undefined>(undefined);
  at = $state(0);
  problem = $state.raw<unknown>(undefined);
  busy = $state(false);
  /** How many were settled since the screen was opened. */
  settled = $state(0);
  /** Another answer came meanwhile: what is on screen changed. */
  changed = $state(false);
  /** The next record that needs the same, once this one is settled. */
  next = $state.raw<RecordRow | undefined>(undefined);
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  get card(): ConflictCard | undefined {
    return this.sheet?.conflicts[this.at];
  }

  get all(): number {
    return this.sheet?.conflicts.length ?? 0;
  }

  async load(): Promise<void> {
    this.problem = undefined;
    try {
      const sheet = await record(this.id);
      this.at = Math.min(this.at, Math.max(0, sheet.conflicts.length - 1));
      this.sheet = sheet;
      if (sheet.conflicts.length === 0) await this.#lookAhead();
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Settles the question on screen. `null` leaves it without an answer, as the person who cleared it did. */
  async settle(value: string | null): Promise<boolean> {
    const card = this.card;
    if (!card || this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    this.changed = false;
    try {
      await resolve(
        card.record,
        card.path,
        value,
        card.claims.map((claim) => claim.claim),
      );
      this.settled += 1;
      await this.load();
      return true;
    } catch (problem) {
      if ((problem as { code?: string }).code === 'record.shown-differs') {
        this.changed = true;
        await this.load();
      } else {
        this.problem = problem;
      }
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Leaves both and goes on. Gives false when this was the last one. */
  wait(): boolean {
    this.changed = false;
    if (this.at + 1 >= this.all) return false;
    this.at += 1;
    return true;
  }

  async #lookAhead(): Promise<void> {
    try {
      const waiting = (await today()).decide;
      this.next = waiting.find((row) => row.conflicts > 0 && row.id !== this.id);
    } catch {
      this.next = undefined;
    }
  }
}
