/** Handing over: what waits, the ways, long work that can be watched and stopped, and the report that ends each of them. */
import { refused } from '$lib/domain/exchange';
import { cancel, cardIn, cardOut, meetHub, outbox, places, progress, setHub } from '$lib/ipc/commands';
import type { ExchangeView, OutboxView, Picked, PlaceView, ProgressView } from '$lib/ipc/types';
import { Loaded } from './loaded.svelte';

export type Way = 'hub' | 'card-out' | 'card-in';

/** How often a person is told how far it has come. */
const EVERY_MS = 300;

export class Handover {
  readonly outbox = new Loaded<OutboxView>(outbox);
  readonly places = new Loaded<PlaceView[]>(places);
  working = $state<Way | undefined>(undefined);
  progress = $state.raw<ProgressView | undefined>(undefined);
  stopping = $state(false);
  /** How the last one ended. Nothing ends without it. */
  report = $state.raw<ExchangeView | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);

  meetHub(): Promise<void> {
    return this.#run('hub', '', meetHub);
  }

  writeCard(place: PlaceView): Promise<void> {
    return this.#run('card-out', place.name, () => cardOut(place.path));
  }

  readCard(file: Picked, name: string): Promise<void> {
    return this.#run('card-in', name, () => cardIn(file));
  }

  async setHub(url: string, key: string): Promise<boolean> {
    this.problem = undefined;
    try {
      await setHub(url.trim(), key.trim() || null);
      await this.outbox.load();
      return true;
    } catch (problem) {
      this.problem = problem;
      return false;
    }
  }

  /** Asks the work to stop after its next durable step; the report still comes. */
  async stop(): Promise<void> {
    this.stopping = true;
    try {
      await cancel();
    } catch {
      // It may just have ended.
    }
  }

  closeReport(): void {
    this.report = undefined;
  }

  async #run(way: Way, name: string, work: () => Promise<ExchangeView>): Promise<void> {
    if (this.working) return;
    this.working = way;
    this.stopping = false;
    this.report = undefined;
    this.problem = undefined;
    this.progress = undefined;
    const watch = setInterval(() => void this.#look(), EVERY_MS);
    try {
      this.report = await work();
    } catch (problem) {
      this.report = refused(way, name, problem);
    } finally {
      clearInterval(watch);
      this.working = undefined;
      this.progress = undefined;
    }
    await this.outbox.load();
  }

  async #look(): Promise<void> {
    try {
      const progressed = await progress();
      if (this.working && progressed.running) this.progress = progressed;
    } catch {
      // The next look tells.
    }
  }
}
