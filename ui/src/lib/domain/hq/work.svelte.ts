/** One long call at a time: what it is called, how far it has come, and a way to stop it after its next step. */
import { cancel, progress } from '$lib/ipc/commands';

export interface Running {
  label: string;
  done: number;
  /** 0: not known. */
  total: number;
  stopping: boolean;
}

export class Work {
  running = $state.raw<Running | undefined>(undefined);
  readonly #every: number;

  /** `every`: milliseconds between two questions about progress. */
  constructor(every = 300) {
    this.#every = every;
  }

  /** Runs `task` and asks how far it is until it ends. What it throws is thrown on. */
  async run<T>(label: string, task: () => Promise<T>): Promise<T> {
    this.running = { label, done: 0, total: 0, stopping: false };
    const timer = setInterval(() => void this.#ask(), this.#every);
    try {
      return await task();
    } finally {
      clearInterval(timer);
      this.running = undefined;
    }
  }

  /** Asks the work to stop. What it has done stays done. */
  async stop(): Promise<void> {
    if (!this.running || this.running.stopping) return;
    this.running = { ...this.running, stopping: true };
    await cancel().catch(() => undefined);
  }

  async #ask(): Promise<void> {
    // A question that goes unanswered changes nothing: the work itself says how it ended.
    const at = await progress().catch(() => undefined);
    if (at?.running && this.running) {
      this.running = { ...this.running, done: at.done, total: at.total };
    }
  }
}
