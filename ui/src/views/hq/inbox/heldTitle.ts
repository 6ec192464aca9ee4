import type { HeldGroup } from '$lib/domain/hq/held';
import { t } from '$lib/i18n/index.svelte';

/** "Survey, tablet Heron"; less where less is known. */
export function titleOf(group: Pick<HeldGroup, 'formTitle' | 'device'>): string {
  const { formTitle: form, device } = group;
  if (form && device) return t('hq.held.form', { form, device });
  if (device) return t('hq.device', { name: device });
  return form ?? t('hq.deviceUnknown');
}
