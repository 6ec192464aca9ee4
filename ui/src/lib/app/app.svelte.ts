/** The app as a whole: where the device stands, which screen that means, and locking when nobody touches it. */
import { call, whenLocked } from '$lib/ipc/call';
import type { DeskView } from '$lib/ipc/types';
import { router } from './router.svelte';
import { look, type LookSettings } from './theme.svelte';

/** The first screen for where the device stands. */
export function homeOf(desk: Pick<DeskView, 'stage' | 'face'>): string {
  if (desk.stage === 'empty') return 'entry.welcome';
  if (desk.stage === 'locked') return 'entry.unlock';
  if (desk.stage === 'waiting') return 'entry.waiting';
  return desk.face === 'headquarters' ? 'hq.inbox' : 'field.today';
}

class App {
  /** What the desk last said of itself. */
  desk = $state.raw<DeskView | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  #touchedAt = Date.now();
  #watch: ReturnType<typeof setInterval> | undefined;
  #beforeLock = new Set<() => Promise<unknown>>();

  get open(): boolean {
    return this.desk?.stage === 'open';
  }

  /** Asks the desk and goes to the first screen. */
  async start(): Promise<void> {
    this.problem = undefined;
    whenLocked(() => void this.start());
    try {
      const desk = await call<DeskView>('status');
      await this.#dress(desk);
      this.take(desk);
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Every command that answers with a `DeskView` (unlock, lock, finish, found, demo) hands it here. */
  take(desk: DeskView): void {
    const before = this.desk && homeOf(this.desk) + this.desk.alias;
    this.desk = desk;
    this.touched();
    this.#watchOver(desk);
    if (before !== homeOf(desk) + desk.alias || router.current === undefined) {
      const { screen, ...params } = presets();
      router.reset(screen ?? homeOf(desk), params);
    }
  }

  /** Registers what must be on disk before the keys go; gives its undo, so that an `$effect` can return it. */
  beforeLock(save: () => Promise<unknown>): () => void {
    this.#beforeLock.add(save);
    return () => this.#beforeLock.delete(save);
  }

  /** Waits for everything that is still being saved. A save that is refused holds nothing up. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.#beforeLock].map((save) => save()));
  }

  /** Locks. Nothing that was typed is lost. */
  async lock(): Promise<void> {
    await this.settle();
    try {
      this.take(await call<DeskView>('lock'));
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Puts off the automatic lock. */
  touched(): void {
    this.#touchedAt = Date.now();
  }

  async #dress(desk: DeskView): Promise<void> {
    const night = globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches;
    await look.start(
      {
        theme: presets().theme ?? (desk.settings.theme || (night ? 'night' : 'day')),
        language: presets().lang ?? (desk.settings.language || navigator.language.slice(0, 2)),
      },
      (settings) => this.saveSettings(settings),
    );
  }

  /** Saves some of the settings and keeps the others. */
  async saveSettings(changed: Partial<DeskView['settings']> | LookSettings): Promise<void> {
    if (!this.desk) return;
    const settings = { ...this.desk.settings, ...changed };
    this.desk = await call<DeskView>('save_settings', { settings });
  }

  #watchOver(desk: DeskView): void {
    clearInterval(this.#watch);
    const minutes = desk.settings.lock_after_minutes;
    if (desk.stage !== 'open' || minutes === 0) return;
    this.#watch = setInterval(() => {
      if (Date.now() - this.#touchedAt >= minutes * 60_000) void this.lock();
    }, 5_000);
  }
}

/** `?theme=sun&lang=ar&screen=field.record&id=…`: for pictures and tests of one screen with its parameters. */
function presets(): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(globalThis.location?.search ?? ''));
}

export const app = new App();
