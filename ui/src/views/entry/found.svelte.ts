/** Making a workspace: a name, words, and the promise to keep the authority key offline. */
import { Passphrase } from '$lib/domain/field/passphrase.svelte';
import { t } from '$lib/i18n/index.svelte';
import { problemText } from '$lib/i18n/problem';
import { found } from '$lib/ipc/commands';
import type { DeskView } from '$lib/ipc/types';

export class Found {
  name = $state('');
  offline = $state(false);
  missing = $state<'name' | undefined>(undefined);
  why = $state<string | undefined>(undefined);
  busy = $state(false);
  readonly choosing = new Passphrase();

  async make(): Promise<DeskView | undefined> {
    if (this.busy) return undefined;
    this.why = undefined;
    this.missing = this.name.trim() === '' ? 'name' : undefined;
    if (this.missing) return undefined;
    await this.choosing.settle();
    if (!this.choosing.ready) this.why = t('entry.pass.notReady');
    else if (!this.offline) this.why = t('entry.found.keyNeeded');
    if (this.why) return undefined;
    this.busy = true;
    try {
      const desk = await found(this.name.trim(), this.choosing.secret);
      this.choosing.forget();
      return desk;
    } catch (problem) {
      this.why = problemText(problem);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
