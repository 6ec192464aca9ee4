/** What waits here, and which few things are said first. */
import { today } from '$lib/ipc/commands';
import type { CountsView, FormCard, TodayView } from '$lib/ipc/types';
import { t } from '$lib/i18n/index.svelte';
import type { RingKind } from '$lib/shared';
import { Loaded } from './loaded.svelte';
import { undo } from './undo.svelte';
import type { RecordRow } from '$lib/ipc/types';

/** So many tiles fit without scrolling past them; the others are one touch away. */
const TILES = 4;

export function isAlert(form: FormCard): boolean {
  return form.icon === 'bell';
}

/** Alert first, then the first forms; one more is shown rather than hidden behind a link of its own. */
export function tiles(forms: readonly FormCard[]): { alerts: FormCard[]; plain: FormCard[]; all: number } {
  const alerts = forms.filter(isAlert);
  const plain = forms.filter((form) => !isAlert(form));
  const shown = plain.length <= TILES + 2 ? plain : plain.slice(0, TILES);
  return { alerts, plain: shown, all: forms.length };
}

export interface BandFact {
  ring: RingKind;
  fact: string;
  sub: string;
}

/** The truth about delivery in two lines. Nothing is called safe before headquarters has confirmed it. */
export function bandFact(counts: CountsView): BandFact {
  const got = counts.received + counts.pruned;
  const both = t('field.today.fact.both', { handed: counts.handed_over, got });
  if (counts.only_here > 0) {
    return { ring: 'here', fact: t('field.today.fact.only', { n: counts.only_here }), sub: both };
  }
  if (counts.handed_over > 0) {
    return {
      ring: 'handed',
      fact: t('field.today.fact.handed', { n: counts.handed_over }),
      sub: t('field.today.fact.got', { n: got }),
    };
  }
  if (got > 0) {
    return {
      ring: 'got',
      fact: t('field.today.fact.gotAll', { n: got }),
      sub: t('field.today.fact.noneWaits'),
    };
  }
  return { ring: 'draft', fact: t('field.today.fact.none'), sub: t('field.today.fact.noneSub') };
}

export class Today extends Loaded<TodayView> {
  constructor() {
    super(today);
  }

  async discard(row: RecordRow): Promise<void> {
    if (await undo.discard(row, this.value?.now ?? Date.now())) await this.load();
  }

  async bringBack(): Promise<void> {
    if (await undo.bringBack()) await this.load();
  }
}
