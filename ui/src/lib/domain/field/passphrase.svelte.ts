/**
 * Choosing the words that open a device: six made here, written down and typed back once; or a person's own, with an
 * answer how strong they are. What is typed lives in memory only and is dropped with `forget`.
 */
import { passphraseWords, strength } from '$lib/ipc/commands';
import type { StrengthView } from '$lib/ipc/types';

export type Back = 'empty' | 'short' | 'differs' | 'good';

/** Words as people type them back: case and spaces do not matter. */
export function asWords(text: string): string[] {
  return text
    .trim()
    .toLowerCase()
    .split(/[\s,;-]+/)
    .filter(Boolean);
}

/** Tries words as they were typed, then as they were shown: keyboards put capitals and spaces where nobody wants them. */
export async function tryWords<Answer>(
  typed: string,
  attempt: (words: string) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await attempt(typed);
  } catch (problem) {
    const plain = asWords(typed).join(' ');
    const wrong = (problem as { code?: unknown }).code === 'vault.wrong-passphrase';
    if (!wrong || plain === typed) throw problem;
    return attempt(plain);
  }
}

/** How what was typed back stands beside what was shown; the first word that differs, from 1. */
export function compare(shown: string, typed: string): { state: Back; word: number; missing: number } {
  const want = asWords(shown);
  const have = asWords(typed);
  const word = have.findIndex((one, index) => one !== want[index]) + 1;
  const missing = Math.max(0, want.length - have.length);
  if (have.length === 0) return { state: 'empty', word: 0, missing };
  if (word > 0) return { state: 'differs', word, missing };
  return { state: missing > 0 ? 'short' : 'good', word: 0, missing };
}

const PATIENCE_MS = 350;

export class Passphrase {
  way = $state<'made' | 'own'>('made');
  words = $state('');
  /** The person says that the words are on paper; they are hidden from here on. */
  written = $state(false);
  typed = $state('');
  own = $state('');
  again = $state('');
  answer = $state.raw<StrengthView | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  get back() {
    return compare(this.words, this.typed);
  }

  get ready(): boolean {
    if (this.way === 'made') return this.words !== '' && this.written && this.back.state === 'good';
    return this.answer?.passes === true && this.own !== '' && this.own === this.again;
  }

  /** What is given to the core. */
  get secret(): string {
    return this.way === 'made' ? this.words : this.own;
  }

  async draw(): Promise<void> {
    this.problem = undefined;
    this.written = false;
    this.typed = '';
    try {
      this.words = await passphraseWords();
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Takes what is being typed and asks about it when the typing pauses. */
  type(own: string): void {
    this.own = own;
    this.answer = undefined;
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    if (own === '') return;
    this.#timer = setTimeout(() => void this.#ask(own, turn), PATIENCE_MS);
  }

  /** Asks now, where a person was quicker than the pause. */
  async settle(): Promise<void> {
    if (this.way === 'made' || this.answer || this.own === '') return;
    clearTimeout(this.#timer);
    await this.#ask(this.own, ++this.#turn);
  }

  async #ask(own: string, turn: number): Promise<void> {
    try {
      const answer = await strength(own);
      if (turn === this.#turn) this.answer = answer;
    } catch (problem) {
      if (turn === this.#turn) this.problem = problem;
    }
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.words = this.typed = this.own = this.again = '';
    this.answer = undefined;
    this.written = false;
  }
}
