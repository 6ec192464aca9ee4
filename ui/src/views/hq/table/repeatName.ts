import { t } from '$lib/i18n/index.svelte';

/** A repeat by the last name of its path, readable: `/data/people_here` is "people here". */
export function repeatName(path: string): string {
  if (path === '') return t('hq.table.main');
  return (path.split('/').at(-1) ?? path).replace(/[_-]+/g, ' ');
}
