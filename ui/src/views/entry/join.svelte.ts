/** Joining, step by step. A problem leads back to the step that it belongs to; what was chosen elsewhere stays. */
import { join, status } from '$lib/ipc/commands';
import type { DeskView, Paper } from '$lib/ipc/types';
import { Passphrase } from '$lib/domain/field/passphrase.svelte';
import { isProblem, problemText } from '$lib/i18n/problem';
import { t } from '$lib/i18n/index.svelte';

export type Step = 1 | 2 | 3;

export class Join {
  step = $state<Step>(1);
  paper = $state.raw<Paper | undefined>(undefined);
  paperName = $state('');
  alias = $state('');
  why = $state<string | undefined>(undefined);
  busy = $state(false);
  readonly choosing = new Passphrase();

  back(): boolean {
    this.why = undefined;
    if (this.step === 1) return false;
    this.step = (this.step - 1) as Step;
    return true;
  }

  /** To the next step, or, from the last one, joins. Gives where the device stands then. */
  async next(): Promise<DeskView | undefined> {
    this.why = undefined;
    if (this.step === 1) {
      if (this.paper) this.step = 2;
      else this.why = t('entry.paper.needed');
      return undefined;
    }
    if (this.step === 2) {
      if (this.alias.trim() !== '') this.step = 3;
      else this.why = t('entry.join.step2Needed');
      return undefined;
    }
    return this.#join();
  }

  async #join(): Promise<DeskView | undefined> {
    if (!this.paper || this.busy) return undefined;
    await this.choosing.settle();
    if (!this.choosing.ready) {
      this.why = t('entry.pass.notReady');
      return undefined;
    }
    this.busy = true;
    try {
      await join(this.paper, this.alias.trim(), this.choosing.secret);
      this.choosing.forget();
      return await status();
    } catch (problem) {
      this.why = problemText(problem);
      if (isProblem(problem) && aboutInvitation(problem.code)) this.step = 1;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}

function aboutInvitation(code: string): boolean {
  return ['enrol', 'wire', 'invitation', 'roster', 'file'].includes(code.split('.')[0] ?? '');
}
