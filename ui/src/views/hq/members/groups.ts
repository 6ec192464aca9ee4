import { joined } from '$lib/domain/hq/joined';
import { t } from '$lib/i18n/index.svelte';

const fixed = ['hq', 'hq-severe'] as const;

/** Reader groups (`hq`, `team:north`) in words: "headquarters, team north". News for everybody goes without saying. */
export function groupsText(groups: readonly string[]): string {
  const words = groups
    .filter((group) => group !== 'all')
    .map((group) => {
      const known = fixed.find((name) => name === group);
      return known
        ? t(`hq.members.group.${known}`)
        : t('hq.members.group.team', { name: group.replace(/^team:/, '') });
    });
  return words.length > 0 ? joined(words) : t('hq.members.noGroups');
}
