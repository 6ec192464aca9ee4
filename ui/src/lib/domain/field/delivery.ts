/** Where a record is, as a ring and two sentences: the fact, and what comes next. */
import { t } from '$lib/i18n/index.svelte';
import type { DeliveryFact, RecordRow } from '$lib/ipc/types';
import type { RingKind } from '$lib/shared';
import { when } from './when';

export interface Whereabouts {
  kind: RingKind;
  fact: string;
  next?: string;
}

/** The fact alone, whatever else the record needs. */
export function whereabouts(delivery: DeliveryFact, now: number, saved?: number): Whereabouts {
  switch (delivery.where) {
    case 'draft':
      return {
        kind: 'draft',
        fact: t('field.here.draft'),
        next: saved === undefined ? undefined : t('field.here.draftNext', { when: when(saved, now) }),
      };
    case 'only-here':
      return { kind: 'here', fact: t('field.here.only'), next: t('field.here.onlyNext') };
    case 'handed-over':
      return {
        kind: 'handed',
        fact: t('field.here.handed'),
        next: t('field.here.handedNext', { to: delivery.to, when: when(delivery.at, now) }),
      };
    case 'received':
      return { kind: 'got', fact: t('field.here.got') };
  }
}

/** What a row says first: a question that needs a person stands before where the record is. */
export function rowWords(row: RecordRow, now: number): Whereabouts {
  if (row.conflicts > 0) {
    return {
      kind: 'fork',
      fact: t('field.here.two', { n: row.conflicts }),
      next: t('field.here.twoNext'),
    };
  }
  if (row.review > 0) {
    return {
      kind: 'stop',
      fact: t('field.here.review', { n: row.review }),
      next: t('field.here.reviewNext'),
    };
  }
  return whereabouts(row.delivery, now, row.changed);
}

/** What people call a record: its own name, or its form's title while it has none. */
export function recordName(row: Pick<RecordRow, 'name' | 'form_title'>): string {
  return row.name.trim() || row.form_title;
}
