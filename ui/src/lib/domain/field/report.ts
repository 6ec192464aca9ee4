/** What an exchange did, line by line, in records. A line that says nothing happened is said too where it matters. */
import { t } from '$lib/i18n/index.svelte';
import type { ExchangeView } from '$lib/ipc/types';
import type { RingKind } from '$lib/shared';

export interface ReportLine {
  ring: RingKind;
  text: string;
  next?: string;
}

type WayName = 'hub' | 'card-out' | 'card-in' | 'import';
type OutcomeName = 'done' | 'partly' | 'cancelled' | 'failed';

const ways: readonly string[] = ['hub', 'card-out', 'card-in', 'import'];
const outcomes: readonly string[] = ['done', 'partly', 'cancelled', 'failed'];

const wayOf = (one: ExchangeView): WayName => (ways.includes(one.way) ? (one.way as WayName) : 'import');
/** A word that is not known yet is read as the more careful one. */
const outcomeOf = (one: ExchangeView): OutcomeName =>
  outcomes.includes(one.outcome) ? (one.outcome as OutcomeName) : 'partly';

export function reportTitle(one: ExchangeView): string {
  return t(`field.report.${outcomeOf(one)}.${wayOf(one)}`);
}

export function reportLines(one: ExchangeView): ReportLine[] {
  const lines: ReportLine[] = [];
  const way = wayOf(one);
  const failed = one.outcome === 'failed';
  const say = (ring: RingKind, text: string, next?: string) => lines.push({ ring, text, next });
  if (way === 'hub' || way === 'card-out') {
    if (one.records_out > 0) {
      say('handed', t('field.report.given', { n: one.records_out }), t('field.report.keep'));
    } else if (!failed) say('draft', t('field.report.givenNone'));
  }
  if (way !== 'card-out') {
    if (one.records_in > 0) say('here', t('field.report.came', { n: one.records_in }));
    else if (!failed) say('draft', t('field.report.cameNone'));
    if (one.already_had > 0) say('here', t('field.report.had', { n: one.already_had }));
    if (one.receipts > 0) say('got', t('field.report.receipts', { n: one.receipts }));
    else if (!failed) say('draft', t('field.report.receiptsNone'));
  }
  if (one.waiting > 0) {
    say('back', t('field.report.waiting', { n: one.waiting }), t('field.report.waitingNext'));
  }
  if (one.set_aside > 0) say('stop', t('field.report.aside', { n: one.set_aside }));
  if (one.damaged > 0) {
    say(
      'stop',
      t('field.report.damaged', { n: one.damaged, all: one.pieces }),
      t('field.report.damagedNext'),
    );
  }
  return lines;
}

/** Whether the report may add that nothing was damaged or set aside. */
export function isClean(one: ExchangeView): boolean {
  return one.way !== 'card-out' && one.outcome === 'done' && one.damaged === 0 && one.set_aside === 0;
}

export function logRing(one: ExchangeView): RingKind {
  if (one.outcome === 'failed' || one.set_aside > 0 || one.damaged > 0) return 'stop';
  if (one.receipts > 0) return 'got';
  return one.records_out > 0 ? 'handed' : 'here';
}

export function logTitle(one: ExchangeView): string {
  return t(`field.report.sentence.${wayOf(one)}`, { name: one.name });
}

/** One line of the log: "gave 9, confirmed 5". */
export function logLine(one: ExchangeView): string {
  const parts: string[] = [];
  if (one.outcome === 'failed') parts.push(t('field.report.line.failed'));
  if (one.outcome === 'cancelled') parts.push(t('field.report.line.cancelled'));
  if (one.records_out > 0) parts.push(t('field.report.line.gave', { n: one.records_out }));
  if (one.records_in > 0) parts.push(t('field.report.line.got', { n: one.records_in }));
  if (one.receipts > 0) parts.push(t('field.report.line.confirmed', { n: one.receipts }));
  if (one.set_aside > 0) parts.push(t('field.report.line.aside', { n: one.set_aside }));
  if (one.damaged > 0) parts.push(t('field.report.line.damaged', { n: one.damaged, all: one.pieces }));
  if (parts.length === 0) parts.push(t('field.report.line.nothing'));
  return parts.join(', ');
}
