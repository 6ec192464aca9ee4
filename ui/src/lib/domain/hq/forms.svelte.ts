/** Published forms, and publishing one more version: check first, publish only what the check let pass. */
import { publish, tables } from '$lib/ipc/commands';
import type { FindingView, PublishView, TableForm } from '$lib/ipc/types';
import type { NamedFile } from './files';

const order = ['error', 'warning', 'info'];

/** What must be put right first; otherwise in the order of the file. */
export function sorted(findings: readonly FindingView[]): FindingView[] {
  return [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

export class FormsDesk {
  forms = $state.raw<readonly TableForm[] | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);

  async load(): Promise<void> {
    this.problem = undefined;
    try {
      this.forms = await tables();
    } catch (problem) {
      this.problem = problem;
    }
  }
}

export class PublishDesk {
  checked = $state.raw<PublishView | undefined>(undefined);
  checking = $state.raw<string | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  #file: NamedFile | undefined;

  get refused(): boolean {
    return this.checked !== undefined && this.checked.form === null;
  }

  get errors(): number {
    return this.checked?.findings.filter((finding) => finding.severity === 'error').length ?? 0;
  }

  check(file: NamedFile): Promise<void> {
    this.#file = file;
    return this.#ask(file, false);
  }

  /** Publishes the file that was checked. Does nothing when the check refused it. */
  async publish(): Promise<void> {
    if (this.#file && this.checked?.form) await this.#ask(this.#file, true);
  }

  again(): void {
    this.checked = undefined;
    this.problem = undefined;
  }

  async #ask(file: NamedFile, now: boolean): Promise<void> {
    this.checking = file.name;
    this.problem = undefined;
    try {
      this.checked = await publish(file.file, now);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.checking = undefined;
    }
  }
}
