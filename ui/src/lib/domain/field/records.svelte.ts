/** The list of records: one filter at a time, a form, words, page after page. */
import { forms, records, today } from '$lib/ipc/commands';
import type { CountsView, FormCard, RecordList, RecordRow } from '$lib/ipc/types';

/** `''` is all; the others are places, or what needs a person. */
export type Filter = '' | 'draft' | 'only-here' | 'handed-over' | 'received' | 'two-answers' | 'review';

const PAGE = 30;

/** What the list showed, so that going back leads to the same place. Forgotten with the lock. */
interface Kept {
  filter: Filter;
  form: string;
  words: string;
  scroll: number;
  rows: number;
}

let kept: Kept | undefined;

export function forgetRecords(): void {
  kept = undefined;
}

export class Records {
  filter = $state<Filter>('');
  form = $state('');
  words = $state('');
  rows = $state.raw<readonly RecordRow[]>([]);
  total = $state(0);
  counts = $state.raw<CountsView | undefined>(undefined);
  twoAnswers = $state(0);
  review = $state(0);
  forms = $state.raw<readonly FormCard[]>([]);
  problem = $state.raw<unknown>(undefined);
  /** Nothing has come yet. */
  fresh = $state(true);
  busy = $state(false);
  #turn = 0;

  get asks(): boolean {
    return this.filter !== '' || this.form !== '' || this.words.trim() !== '';
  }

  get more(): boolean {
    return this.rows.length < this.total;
  }

  /** What to show first: what the screen was sent for, else what was shown before. Gives where it was scrolled to. */
  async start(sent: { filter?: Filter; form?: string } = {}): Promise<number> {
    const before = kept;
    const wasSent = sent.filter !== undefined || sent.form !== undefined;
    this.filter = sent.filter ?? (wasSent ? '' : (before?.filter ?? ''));
    this.form = sent.form ?? (wasSent ? '' : (before?.form ?? ''));
    this.words = wasSent ? '' : (before?.words ?? '');
    await Promise.all([this.#ask(0, wasSent ? PAGE : Math.max(PAGE, before?.rows ?? 0)), this.#around()]);
    return wasSent ? 0 : (before?.scroll ?? 0);
  }

  keep(scroll: number): void {
    const { filter, form, words } = this;
    kept = { filter, form, words, scroll, rows: this.rows.length };
  }

  async show(changed: { filter?: Filter; form?: string; words?: string }): Promise<void> {
    this.filter = changed.filter ?? this.filter;
    this.form = changed.form ?? this.form;
    this.words = changed.words ?? this.words;
    await this.#ask(0, PAGE);
  }

  async showAll(): Promise<void> {
    await this.show({ filter: '', form: '', words: '' });
  }

  async next(): Promise<void> {
    await this.#ask(this.rows.length, PAGE);
  }

  /** The same again, after something changed. */
  async again(): Promise<void> {
    await Promise.all([this.#ask(0, Math.max(PAGE, this.rows.length)), this.#around()]);
  }

  async #ask(offset: number, limit: number): Promise<void> {
    const turn = ++this.#turn;
    const needs = this.filter === 'two-answers' || this.filter === 'review' ? this.filter : '';
    this.busy = true;
    try {
      const list: RecordList = await records({
        place: needs ? '' : this.filter,
        needs,
        form: this.form,
        words: this.words.trim(),
        offset,
        limit,
      });
      if (turn !== this.#turn) return;
      const known = new Set(offset === 0 ? [] : this.rows.map((row) => row.id));
      this.rows = [...(offset === 0 ? [] : this.rows), ...list.rows.filter((row) => !known.has(row.id))];
      this.total = list.total;
      this.counts = list.counts;
      this.problem = undefined;
      this.fresh = false;
    } catch (problem) {
      if (turn === this.#turn) this.problem = problem;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  /** Numbers and names around the list; without them it still works. */
  async #around(): Promise<void> {
    const [waits, known] = await Promise.allSettled([today(), forms()]);
    if (waits.status === 'fulfilled') {
      this.twoAnswers = waits.value.two_answers;
      this.review = waits.value.review;
    }
    if (known.status === 'fulfilled') this.forms = known.value;
  }
}
