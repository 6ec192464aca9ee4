/** Opening: one try at a time; what was typed is dropped as soon as it worked. */
import { tryWords } from '$lib/domain/field/passphrase.svelte';
import { status, unlock } from '$lib/ipc/commands';
import type { DeskView } from '$lib/ipc/types';
import { t } from '$lib/i18n/index.svelte';
import { isProblem, problemText } from '$lib/i18n/problem';

export class Unlock {
  words = $state('');
  busy = $state(false);
  /** The sentence under the field. */
  why = $state<string | undefined>(undefined);

  async open(): Promise<DeskView | undefined> {
    if (this.busy) return undefined;
    if (this.words.trim() === '') {
      this.why = t('entry.unlock.empty');
      return undefined;
    }
    this.busy = true;
    this.why = undefined;
    try {
      const desk = await tryWords(this.words, unlock);
      this.words = '';
      return desk;
    } catch (problem) {
      // Another tab of the same window was faster.
      if (isProblem(problem) && problem.code === 'desk.already-open') return await status();
      this.why = sentence(problem);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}

function sentence(problem: unknown): string {
  const code = isProblem(problem) ? problem.code : '';
  if (code === 'vault.wrong-passphrase') return t('entry.unlock.wrong');
  if (code === 'vault.locked') return t('entry.unlock.elsewhere');
  return problemText(problem);
}
