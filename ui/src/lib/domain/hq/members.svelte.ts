/** Members: inviting, reading a request, comparing words, approving, revoking. */
import { approve, examine, invite, members, revoke, withdraw } from '$lib/ipc/commands';
import type { AskedView, MembersView, Paper, PaperView } from '$lib/ipc/types';

export class MembersDesk {
  view = $state.raw<MembersView | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  busy = $state(false);

  async load(): Promise<void> {
    await this.#take(members);
  }

  /** An invitation to give away; `undefined` when it was refused. */
  async invite(role: string, team: string, hub: boolean): Promise<PaperView | undefined> {
    const paper = await this.#do(() => invite(role, team === '' ? null : team, hub));
    if (paper) await this.load();
    return paper;
  }

  withdraw(id: string): Promise<boolean> {
    return this.#take(() => withdraw(id));
  }

  revoke(alias: string): Promise<boolean> {
    return this.#take(() => revoke(alias));
  }

  async #take(ask: () => Promise<MembersView>): Promise<boolean> {
    const view = await this.#do(ask);
    if (view) this.view = view;
    return view !== undefined;
  }

  async #do<T>(ask: () => Promise<T>): Promise<T | undefined> {
    this.busy = true;
    this.problem = undefined;
    try {
      return await ask();
    } catch (problem) {
      this.problem = problem;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}

/**
 * Approving one request. The steps only lead one way: read, compare, approve. `approve` does nothing until the person
 * has said that the words are the same.
 */
export class ApprovalDesk {
  asked = $state.raw<AskedView | undefined>(undefined);
  paper = $state.raw<PaperView | undefined>(undefined);
  words = $state<'open' | 'same' | 'differ'>('open');
  problem = $state.raw<unknown>(undefined);
  busy = $state(false);
  #request: Paper | undefined;

  read(request: Paper): Promise<void> {
    this.again();
    this.#request = request;
    return this.#do(async () => (this.asked = await examine(request)));
  }

  compare(same: boolean): void {
    if (this.asked) this.words = same ? 'same' : 'differ';
  }

  async approve(): Promise<void> {
    const request = this.#request;
    if (!request || this.words !== 'same') return;
    await this.#do(async () => (this.paper = await approve(request)));
  }

  again(): void {
    this.asked = undefined;
    this.paper = undefined;
    this.problem = undefined;
    this.words = 'open';
    this.#request = undefined;
  }

  async #do(ask: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    try {
      await ask();
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }
}
