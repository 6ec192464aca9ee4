/** Something that a screen asks the desk for: not there yet, there, or refused. What was there stays in sight. */
export class Loaded<Value> {
  value = $state.raw<Value | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  busy = $state(false);
  #ask: () => Promise<Value>;
  #turn = 0;

  constructor(ask: () => Promise<Value>) {
    this.#ask = ask;
  }

  /** Asks; of several askings the last one counts. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const value = await this.#ask();
      if (turn !== this.#turn) return;
      this.value = value;
      this.problem = undefined;
    } catch (problem) {
      if (turn === this.#turn) this.problem = problem;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
