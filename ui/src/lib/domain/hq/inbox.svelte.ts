/** What arrived and what needs a person; files are imported one after another, each with its report. */
import { refused } from '$lib/domain/exchange';
import { t } from '$lib/i18n/index.svelte';
import { acceptHeld, cardOut, importFile, inbox, meetHub, outbox, replay, setHub } from '$lib/ipc/commands';
import type { ExchangeView, HubView, InboxView } from '$lib/ipc/types';
import type { NamedFile } from './files';
import { Work } from './work.svelte';

export class InboxDesk {
  view = $state.raw<InboxView | undefined>(undefined);
  hub = $state.raw<HubView | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  /** Why the hub must be named again before it can be met. */
  hubProblem = $state.raw<unknown>(undefined);
  /** Reports of what was done on this screen, newest first, until the person closes them. */
  reports = $state.raw<readonly ExchangeView[]>([]);
  /** What came of the last decision about held things, in one sentence. */
  said = $state('');
  /** Names of files that come after the one that is read now. */
  queue = $state.raw<readonly string[]>([]);
  readonly work: Work;

  constructor(work = new Work()) {
    this.work = work;
  }

  get busy(): boolean {
    return this.work.running !== undefined;
  }

  /** Things for a person, as the menu counts them. */
  get needs(): number {
    return this.view ? this.view.held.quarantined + this.view.held.review : 0;
  }

  async load(): Promise<void> {
    try {
      this.view = await inbox();
    } catch (problem) {
      this.problem = problem;
      return;
    }
    // Without a hub the rest of the inbox is as useful.
    this.hub = (await outbox().catch(() => undefined))?.hub;
  }

  /** Reads files one after another. One that cannot be read stops none of the others. */
  async import(files: readonly NamedFile[]): Promise<void> {
    this.problem = undefined;
    this.reports = [];
    for (const [index, { name, file }] of files.entries()) {
      this.queue = files.slice(index + 1).map((later) => later.name);
      try {
        this.#report(await this.work.run(t('hq.work.import', { name }), () => importFile(file)));
      } catch (problem) {
        this.#report(refused('import', name, problem));
      }
      await this.load();
      if (this.reports[0]?.outcome === 'cancelled') break;
    }
    this.queue = [];
  }

  /** Meets the hub; `false` when its key or address must be given first. */
  async meet(): Promise<boolean> {
    this.problem = undefined;
    this.hubProblem = undefined;
    this.reports = [];
    if (!this.hub?.url) return false;
    const { url } = this.hub;
    try {
      this.#report(await this.work.run(t('hq.work.hub'), meetHub));
    } catch (problem) {
      const code = (problem as { code?: string }).code;
      if (code === 'hub.key-needed' || code === 'hub.none') {
        this.hubProblem = problem;
        return false;
      }
      this.#report(refused('hub', url, problem));
    }
    await this.load();
    return true;
  }

  /** Remembers a hub. What is refused is thrown, for the sheet to show. */
  async setHub(url: string, key: string): Promise<void> {
    this.hub = await setHub(url.trim(), key.trim() === '' ? null : key.trim());
  }

  async writeCard(place: string): Promise<void> {
    this.problem = undefined;
    this.reports = [];
    try {
      this.#report(await this.work.run(t('hq.work.card'), () => cardOut(place)));
    } catch (problem) {
      this.problem = problem;
    }
    await this.load();
  }

  async replay(): Promise<void> {
    await this.#change(() => this.work.run(t('hq.work.replay'), replay));
    const held = this.view?.held;
    if (this.problem === undefined && held) {
      this.said = t('hq.held.retried', { n: held.waiting + held.quarantined + held.review });
    }
  }

  /** Accepts everything of a group that one person compared. */
  async accept(digests: readonly string[], device: string): Promise<void> {
    await this.#change(async () => {
      let view = this.view;
      for (const digest of digests) view = await acceptHeld(digest);
      return view;
    });
    if (this.problem === undefined) this.said = t('hq.held.accepted', { device });
  }

  dismiss(): void {
    this.reports = [];
  }

  async #change(change: () => Promise<InboxView | undefined>): Promise<void> {
    this.problem = undefined;
    this.said = '';
    try {
      this.view = await change();
    } catch (problem) {
      this.problem = problem;
    }
  }

  #report(exchange: ExchangeView): void {
    this.reports = [exchange, ...this.reports];
  }
}
