/** What an exchange did, said truthfully: every number that is not zero gets its sentence, and none is left out. */
import { tMaybe, t } from '$lib/i18n/index.svelte';
import { problemText } from '$lib/i18n/problem';
import type { ExchangeView } from '$lib/ipc/types';

export type ReportTone = 'good' | 'warn' | 'stop' | 'plain';

export interface Report {
  title: string;
  tag: string;
  tone: ReportTone;
  sentences: string[];
}

const takesIn = (way: string) => way !== 'card-out';
const givesOut = (way: string) => way === 'card-out' || way === 'hub';

function titleOf(exchange: ExchangeView): string {
  if (exchange.way === 'hub' && exchange.name === '') return t('hq.report.title.hub-plain');
  return tMaybe(`hq.report.title.${exchange.way}`, { name: exchange.name }) ?? exchange.name;
}

function toneOf(exchange: ExchangeView): ReportTone {
  if (exchange.outcome === 'failed') return 'stop';
  if (exchange.outcome !== 'done' || exchange.damaged > 0 || exchange.set_aside > 0) return 'warn';
  return 'good';
}

/** "Complete" is only said when nothing of it is missing, damaged or set aside. */
function tagOf(exchange: ExchangeView, tone: ReportTone): string {
  const outcome = exchange.outcome === 'done' && tone === 'warn' ? 'partly' : exchange.outcome;
  return tMaybe(`hq.report.tag.${outcome}`) ?? outcome;
}

/** `live`: it was done just now, so what it set aside still stands in the list. */
export function reportOf(exchange: ExchangeView, live = false): Report {
  const { way, outcome } = exchange;
  const tone = toneOf(exchange);
  const said: string[] = [];
  const failed = outcome === 'failed';
  if (failed) said.push(problemText({ code: exchange.code ?? 'ui' }));
  if (takesIn(way) && (exchange.records_in > 0 || !failed)) {
    said.push(
      exchange.records_in === 0 ? t('hq.report.none') : t('hq.report.in', { n: exchange.records_in }),
    );
  }
  if (givesOut(way) && exchange.records_out > 0) said.push(t('hq.report.out', { n: exchange.records_out }));
  if (exchange.already_had > 0) said.push(t('hq.report.had', { n: exchange.already_had }));
  if (exchange.waiting > 0) said.push(t('hq.report.waiting', { n: exchange.waiting }));
  if (exchange.set_aside > 0) {
    said.push(t('hq.report.aside', { n: exchange.set_aside }));
    if (live) said.push(t('hq.report.asideWhere'));
  }
  if (exchange.damaged > 0) {
    said.push(t('hq.report.damaged', { n: exchange.damaged, pieces: exchange.pieces }));
  }
  if (exchange.receipts > 0) {
    said.push(
      t(way === 'card-out' ? 'hq.report.receiptsOut' : 'hq.report.receiptsIn', { n: exchange.receipts }),
    );
  }
  if (outcome === 'cancelled' || (failed && exchange.records_in > 0)) said.push(t('hq.report.nothingLost'));
  else if (tone === 'good' && takesIn(way) && exchange.waiting === 0) said.push(t('hq.report.all'));
  if (way === 'card-out' && !failed) said.push(t('hq.report.carries'));
  if (exchange.file !== null && exchange.file !== exchange.name)
    said.push(t('hq.report.file', { file: exchange.file }));
  return { title: titleOf(exchange), tag: tagOf(exchange, tone), tone, sentences: said };
}
