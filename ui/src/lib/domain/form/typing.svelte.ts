/**
 * What is being written and has not come back from the storage yet. The screen shows this before it shows what the
 * storage says, so that a redraw never takes a letter away.
 */
import { SvelteMap } from 'svelte/reactivity';

interface Written {
  /** As the control shows it: `12.`, or the three fields of a day. */
  text: string;
  /** What would be saved; `undefined` while the text is not a value yet. */
  value: string | undefined;
  /** The cursor is in it. */
  here: boolean;
  /** The storage has exactly this value. */
  kept: boolean;
  /** The storage was asked and kept nothing. */
  refused: boolean;
}

/** How long a pause in typing is, in milliseconds. */
export const pause = 400;

export class Typing {
  /** Questions whose text waits for a pause. */
  waiting = $state(0);
  #all = new SvelteMap<string, Written>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #save: (path: string) => void;

  constructor(save: (path: string) => void) {
    this.#save = save;
  }

  /** What the control of this question shows; nothing when the storage's answer is all there is. */
  text(path: string): string | undefined {
    return this.#all.get(path)?.text;
  }

  /** What would be saved; nothing when there is nothing new, or when the text is not a value yet. */
  value(path: string): string | undefined {
    return this.#all.get(path)?.value;
  }

  /** Whether the storage did not keep what is written here. */
  refused(path: string): boolean {
    return this.#all.get(path)?.refused === true;
  }

  /** Each keystroke. Saved after a pause. */
  type(path: string, text: string, value: string | undefined): void {
    this.#all.set(path, { text, value, here: true, kept: false, refused: false });
    clearTimeout(this.#timers.get(path));
    this.#timers.set(
      path,
      setTimeout(() => this.#due(path), pause),
    );
    this.waiting = this.#timers.size;
  }

  /** A choice, a button. Saved at once. */
  set(path: string, text: string, value: string = text): void {
    const here = this.#all.get(path)?.here ?? false;
    this.#all.set(path, { text, value, here, kept: false, refused: false });
    this.#due(path);
  }

  /** The cursor left. */
  leave(path: string): void {
    const written = this.#all.get(path);
    if (!written) return;
    if (written.kept) this.#all.delete(path);
    else this.#all.set(path, { ...written, here: false });
    if (this.#timers.has(path)) this.#due(path);
  }

  /** Saves all that waits for a pause. */
  flush(): void {
    for (const path of [...this.#timers.keys()]) this.#due(path);
  }

  /** The storage acknowledged `value` and now says `kept`; `undefined` when the question is not on screen any more. */
  taken(path: string, value: string, kept: string | undefined): void {
    const written = this.#all.get(path);
    if (!written || written.value !== value) return;
    if (kept === '' && value !== '') this.#all.set(path, { ...written, refused: true });
    else if (!written.here || kept === undefined) this.#all.delete(path);
    else this.#all.set(path, { ...written, kept: true });
  }

  /** The storage will not take what is written here. */
  refuse(path: string): void {
    const written = this.#all.get(path);
    if (written) this.#all.set(path, { ...written, refused: true });
  }

  /** Forgets what was written in a question, an entry or all entries of a repeat. */
  forget(under: string): void {
    for (const path of [...this.#all.keys()]) {
      if (path !== under && !path.startsWith(`${under}/`) && !path.startsWith(`${under}[`)) continue;
      clearTimeout(this.#timers.get(path));
      this.#timers.delete(path);
      this.#all.delete(path);
    }
    this.waiting = this.#timers.size;
  }

  #due(path: string): void {
    clearTimeout(this.#timers.get(path));
    this.#timers.delete(path);
    if (this.value(path) !== undefined) this.#save(path);
    this.waiting = this.#timers.size;
  }
}
