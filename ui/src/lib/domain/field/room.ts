/** Free room as people read it on the packaging of a card. */
import { t } from '$lib/i18n/index.svelte';

export function room(bytes: number | null): string {
  if (bytes === null) return t('field.room.unknown');
  const gb = bytes / 1e9;
  if (gb >= 1) return t('field.room.gb', { n: Math.floor(gb) });
  return t('field.room.mb', { n: Math.floor(bytes / 1e6) });
}
