/** Where a record is, as a ring and two sentences: the fact, and what comes next. */
import { currentLanguage, t } from '$lib/i18n/index.svelte';
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

/** A name that only a machine could have given: the beginning of an id. */
const machineMade = /^(uuid:)?[0-9a-f]{8}([0-9a-f-]*)$/i;

type Named = Pick<RecordRow, 'name' | 'form_title' | 'created'>;

/** Whether its form made a name for it that people can use. */
export function hasName(row: Pick<RecordRow, 'name'>): boolean {
  const name = row.name.trim();
  return name !== '' && !machineMade.test(name);
}

/** What people call a record: its own name; while it has none, its form and when it was begun. */
export function recordName(row: Named, now: number): string {
  if (hasName(row)) return row.name.trim();
  return t('field.record.unnamed', { form: row.form_title, when: when(row.created, now) });
}

type Words = readonly (string | null | undefined | false)[];

/** Each in its own direction; what was put side by side already is left as it is. */
const isolated = (words: Words) =>
  words
    .filter((part): part is string => !!part)
    .map((part) => (part.startsWith('\u2068') ? part : `\u2068${part}\u2069`));

/** As the beginning of a line: "Today 09:42", "Vendredi 20 novembre". */
export function atStart(text: string): string {
  return text.replace(/^[\u2066-\u2069\u061c]*\p{Ll}/u, (first) =>
    first.toLocaleUpperCase(currentLanguage()),
  );
}

/** Facts side by side, each in its own direction: "Patrol report, 17 November". */
export function side(words: Words, where: 'start' | 'within' = 'within'): string {
  const text = isolated(words).join(t('field.comma'));
  return where === 'start' ? atStart(text) : text;
}

/** The same for what begins with a capital letter: "Patrol report. Saved today 09:42". */
export function sentences(words: Words): string {
  return isolated(words).map(atStart).join('. ');
}
