/**
 * Calls of one form in order, one at a time. A call that the storage could not serve stays at the head and is tried
 * again, so that nothing overtakes an answer; a call that was refused for good lets the next one through.
 */

interface Task {
  run: () => Promise<void>;
  again: (problem: unknown) => boolean;
  refuse: (problem: unknown) => void;
}

const longestWait = 15_000;

export class CallQueue {
  /** Calls that wait or run. */
  waiting = $state(0);
  /** What the call at the head threw last, while it is being tried again. */
  stuck = $state.raw<unknown>(undefined);

  #tasks: Task[] = [];
  #running = false;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #idle: (() => void)[] = [];

  /** Runs a call after all that were added before. `again` says whether a problem is worth another try. */
  add<T>(run: () => Promise<T>, again: (problem: unknown) => boolean = () => false): Promise<T> {
    const answer = new Promise<T>((resolve, refuse) => {
      this.#tasks.push({ run: async () => resolve(await run()), again, refuse });
    });
    this.waiting = this.#tasks.length;
    void this.#work();
    return answer;
  }

  /** Tries the call at the head now instead of later. */
  retry(): void {
    if (this.stuck === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#work();
  }

  /** Resolves when nothing waits, at once if nothing does. */
  idle(): Promise<void> {
    if (this.#tasks.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Forgets what waits: after locking nothing more can be carried. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tasks = [];
    this.#settle();
  }

  async #work(): Promise<void> {
    if (this.#running || this.#timer !== undefined) return;
    this.#running = true;
    for (let task = this.#tasks[0]; task; task = this.#tasks[0]) {
      try {
        await task.run();
      } catch (problem) {
        if (this.#tasks[0] === task && task.again(problem)) {
          this.#wait(problem);
          break;
        }
        task.refuse(problem);
      }
      this.#tries = 0;
      this.stuck = undefined;
      if (this.#tasks[0] === task) this.#tasks.shift();
      this.waiting = this.#tasks.length;
    }
    this.#running = false;
    if (this.#tasks.length === 0) this.#settle();
  }

  #wait(problem: unknown): void {
    this.stuck = problem;
    const delay = Math.min(longestWait, 1000 * 2 ** this.#tries++);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#work();
    }, delay);
  }

  #settle(): void {
    this.waiting = 0;
    this.stuck = undefined;
    this.#tries = 0;
    for (const done of this.#idle.splice(0)) done();
  }
}
