/**
 * An open form. Every act goes through one queue, in order; each answer of the desk is the whole part again and
 * replaces what was on screen. What is being written stays in `typing` until the desk has acknowledged it, so neither
 * a redraw nor a storage that is full takes a letter away. What is asked, and when, is never decided here.
 */
import * as desk from '$lib/ipc/commands';
import { SvelteSet } from 'svelte/reactivity';
import type { CallProblem } from '$lib/ipc/call';
import type { ChoiceView, FinishedView, FormScreen, JumpLine, QuestionView } from '$lib/ipc/types';
import { entryOf, firstUnread, question, scripts, stops, type ScriptItem } from './items';
import { CallQueue } from './queue.svelte';
import { Typing } from './typing.svelte';

/** How the form comes on screen. */
export type Start = { begin: string } | { open: string } | { amend: string; reason: string };

/** Where the eye goes after an act: a question, or the top of the part. `count` tells acts apart. */
export interface Arrival {
  path: string | undefined;
  count: number;
}

export type Stage = 'filling' | 'finishing' | 'finished';

const code = (problem: unknown) => (problem as CallProblem | undefined)?.code ?? '';

/** Whether a refused answer may be taken on another try: the storage was in the way, not the answer. */
export function worthAnotherTry(problem: unknown): boolean {
  return !/^(form|record|answer|call|desk|device|role)\./.test(code(problem));
}

export class FormFill {
  screen = $state.raw<FormScreen | undefined>(undefined);
  /** What the last refused act threw; opening, turning, adding, finishing. */
  problem = $state.raw<unknown>(undefined);
  stage = $state<Stage>('filling');
  finished = $state.raw<FinishedView | undefined>(undefined);
  /** The script on the full screen, by path. */
  reading = $state<string | undefined>(undefined);
  /** The stop notice on the full screen, by path. */
  stopped = $state<string | undefined>(undefined);
  arrival = $state.raw<Arrival>({ path: undefined, count: 0 });
  /** Something other than an answer is under way: turning, adding, finishing. */
  busy = $state(false);

  /** Scripts without an acknowledgement that were read to their end here. */
  readonly readHere = new SvelteSet<string>();
  /** How much larger than usual scripts are shown. */
  scriptSize = $state(1);

  readonly queue = new CallQueue();
  readonly typing = new Typing((path) => this.#save(path));
  /** Minutes east of UTC of this device. */
  readonly zoneMinutes: number;

  #start: Start;
  #queued = new Set<string>();
  #seenStops = new Set<string>();
  #stayedAt: string | undefined;
  #lastAnswered: string | undefined;
  #touched = false;
  #gone = false;

  constructor(start: Start, zoneMinutes: number = -new Date().getTimezoneOffset()) {
    this.#start = start;
    this.zoneMinutes = zoneMinutes;
  }

  /** Begins, opens or amends. */
  async load(): Promise<void> {
    const start = this.#start;
    await this.#act(() => {
      if ('begin' in start) return desk.begin(start.begin);
      return 'open' in start ? desk.open(start.open) : desk.amend(start.amend, start.reason);
    });
  }

  /** What the control of a question shows: what is being written, else what is stored. */
  text(of: QuestionView, show: (value: string) => string = (value) => value): string {
    return this.typing.text(of.path) ?? show(of.value);
  }

  /** What counts as the answer on screen now, saved or not. */
  value(of: QuestionView): string {
    return this.typing.value(of.path) ?? of.value;
  }

  /** Each keystroke: saved after a pause, kept at once. No value while the text is not one yet. */
  type(path: string, text: string, value: string | undefined): void {
    this.typing.type(path, text, value);
  }

  /** A choice or a button: saved at once. */
  set(path: string, value: string, text: string = value): void {
    this.typing.set(path, text, value);
  }

  /** The cursor came into a question. */
  enter(path: string): void {
    if (path === this.#stayedAt) return;
    this.#stayedAt = path;
    this.queue.add(() => desk.stay(path)).catch(() => undefined);
  }

  leave(path: string): void {
    this.typing.leave(path);
  }

  /** How much is not on disk yet: texts that wait for a pause, and calls. */
  get pending(): number {
    return this.typing.waiting + this.queue.waiting;
  }

  /** Everything written is on disk when this resolves. */
  async flush(): Promise<void> {
    this.typing.flush();
    await this.queue.idle();
  }

  /** The same, but gives up waiting: whether all of it is on disk. */
  async flushed(milliseconds: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
    const done = await Promise.race([this.flush().then(() => true), late]);
    clearTimeout(timer);
    return done;
  }

  turn(part: number): Promise<boolean> {
    return this.#act(() => desk.turn(part), null);
  }

  /** Goes to a question; to an acknowledgement by way of its script. */
  async go(path: string): Promise<void> {
    this.stage = 'filling';
    this.reading = undefined;
    if (!(await this.#act(() => desk.go(path), path))) return;
    this.reading = scripts(this.screen?.items ?? []).find((one) => one.acknowledge?.path === path)?.path;
  }

  async speak(language: string): Promise<void> {
    await this.#act(() => desk.speak(language));
  }

  async addEntry(path: string): Promise<boolean> {
    if (this.busy) return false;
    this.#touched = true;
    return this.#act(() => desk.addEntry(path), path);
  }

  openEntry(path: string, around: string): Promise<boolean> {
    return this.#act(() => desk.openEntry(path), path === '' ? around : path);
  }

  /** Later entries take the places of those before them: what was half written under a place must not stay there. */
  async removeEntry(path: string, around: string): Promise<void> {
    if (this.busy) return;
    this.typing.forget(path);
    if (await this.#act(() => desk.removeEntry(path), around)) this.typing.forget(around);
  }

  /** Choices of a long list that match words. */
  choices(path: string, words: string): Promise<ChoiceView[]> {
    return this.queue.add(() => desk.choices(path, words));
  }

  jumpList(): Promise<JumpLine[]> {
    this.typing.flush();
    return this.queue.add(() => desk.jumpList());
  }

  /** Opens a script on the full screen. */
  read(path: string): void {
    this.reading = path;
  }

  /** The script on the full screen was read to its end and the person said so. */
  acknowledge(script: ScriptItem): void {
    if (script.acknowledge) {
      this.set(script.acknowledge.path, 'OK');
    } else {
      this.readHere.add(script.path);
      this.closeReading();
    }
  }

  closeReading(): void {
    const path = this.reading;
    this.reading = undefined;
    if (path) this.#arrive(path);
  }

  showStop(path: string): void {
    this.stopped = path;
  }

  /** From a stop notice back to the answer that brought it. */
  backToAnswer(): void {
    this.stopped = undefined;
    this.#arrive(this.#lastAnswered ?? this.screen?.focus ?? undefined);
  }

  /** The entries around the stop notice, when it stands in one of them. */
  get stoppedEntry() {
    return this.stopped && this.screen ? entryOf(this.screen.items, this.stopped) : undefined;
  }

  async checkAndFinish(): Promise<void> {
    this.stopped = undefined;
    this.reading = undefined;
    this.typing.flush();
    if (await this.#act(() => desk.screen())) this.stage = 'finishing';
  }

  backToForm(): void {
    this.stage = 'filling';
    this.#arrive(this.screen?.focus ?? undefined);
  }

  /** Finishes; with a reason, as incomplete. */
  async finish(reason: string | null): Promise<void> {
    this.typing.flush();
    this.busy = true;
    this.problem = undefined;
    try {
      this.finished = await this.queue.add(() => desk.finishForm(reason));
      this.stage = 'finished';
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  /** Closes the form at the desk; the draft stays, unless it was begun here and nothing was written in it. */
  async close(): Promise<void> {
    this.#gone = true;
    if (this.stage === 'finished' || !this.screen) return;
    const { record } = this.screen;
    await this.queue.add(() => desk.closeForm()).catch(() => undefined);
    if ('begin' in this.#start && !this.#touched) await desk.discard(record).catch(() => undefined);
  }

  /** The screen goes away by itself, by locking for example: what can still be saved is on its way. */
  abandon(): void {
    this.#gone = true;
    this.typing.flush();
  }

  #save(path: string): void {
    if (this.#queued.has(path)) return;
    this.#queued.add(path);
    this.#lastAnswered = path;
    this.#touched = true;
    const carry = async () => {
      const value = this.typing.value(path);
      this.#queued.delete(path);
      if (value === undefined) return;
      try {
        const screen = await desk.answer(path, value);
        this.typing.taken(path, value, question(screen.items, path)?.value);
        this.#show(screen);
      } catch (problem) {
        if (worthAnotherTry(problem)) this.#queued.add(path);
        throw problem;
      }
    };
    this.queue.add(carry, worthAnotherTry).catch((problem: unknown) => {
      if (code(problem) === 'desk.locked') this.queue.clear();
      else this.typing.refuse(path);
    });
  }

  /** An act whose answer is the screen. `to` is where the eye goes: `null` for the top, nothing to stay. */
  async #act(call: () => Promise<FormScreen>, to?: string | null): Promise<boolean> {
    this.typing.flush();
    this.busy = true;
    this.problem = undefined;
    try {
      const first = this.screen === undefined;
      const screen = await this.queue.add(call);
      if (this.#gone) return false;
      this.#show(screen);
      if (first) this.#arrive(screen.focus ?? undefined);
      else if (to !== undefined) this.#arrive(to ?? undefined);
      if (first || to === null) this.#openScript();
      return true;
    } catch (problem) {
      this.problem = problem;
      return false;
    } finally {
      this.busy = false;
    }
  }

  #show(screen: FormScreen): void {
    const read = this.reading;
    this.screen = screen;
    const now = stops(screen.items).map((stop) => stop.path);
    for (const path of [...this.#seenStops]) if (!now.includes(path)) this.#seenStops.delete(path);
    if (this.stopped && !now.includes(this.stopped)) this.stopped = undefined;
    const fresh = now.find((path) => !this.#seenStops.has(path));
    if (fresh !== undefined && this.stage === 'filling') {
      this.stopped = fresh;
      for (const path of now) this.#seenStops.add(path);
    }
    if (read) this.#afterReading(read);
  }

  /** After a script was acknowledged comes the next one, or the part with the question that follows. */
  #afterReading(read: string): void {
    const items = this.screen?.items ?? [];
    const script = scripts(items).find((one) => one.path === read);
    if (!script) {
      this.reading = undefined;
      return;
    }
    if (!script.acknowledge || script.acknowledge.value === '') return;
    const next = firstUnread(items);
    this.reading = next?.path;
    if (next) return;
    const rest = items.slice(items.indexOf(script) + 1);
    const follows = rest.find((item) => item.item === 'question' && item.value === '');
    this.#arrive(follows?.item === 'question' ? follows.path : read);
  }

  #openScript(): void {
    const script = firstUnread(this.screen?.items ?? []);
    if (script && !this.stopped) this.reading = script.path;
  }

  #arrive(path: string | undefined): void {
    this.arrival = { path, count: this.arrival.count + 1 };
  }
}
