/** What the field face says and decides, without a screen: days, rings, tiles, reports, two answers, handing over. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { base64 } from '$lib/domain/field/base64';
import { anotherWay, Conflict } from '$lib/domain/field/conflict.svelte';
import { hasName, recordName, rowWords, side } from '$lib/domain/field/delivery';
import { Handover } from '$lib/domain/field/handover.svelte';
import { parts, readable, readableGuess } from '$lib/domain/field/record.svelte';
import { forgetRecords, Records } from '$lib/domain/field/records.svelte';
import { isClean, logLine, logRing, reportLines, reportTitle } from '$lib/domain/field/report';
import { room } from '$lib/domain/field/room';
import { bandFact, tiles } from '$lib/domain/field/today.svelte';
import { undo } from '$lib/domain/field/undo.svelte';
import { byDay, daysAgo, when } from '$lib/domain/field/when';
import { setLanguage } from '$lib/i18n/index.svelte';
import { useTransport } from '$lib/ipc/call';
import type {
  ClaimCard,
  ConflictCard,
  CountsView,
  ExchangeView,
  FormCard,
  RecordRow,
  RecordSheet,
} from '$lib/ipc/types';

type Answers = Record<string, (args: never) => unknown>;

/** A desk that answers these calls and notes all of them. */
function desk(answers: Answers): { name: string; args: unknown }[] {
  const calls: { name: string; args: unknown }[] = [];
  useTransport(async (name, args) => {
    calls.push({ name, args });
    const answer = answers[name];
    if (!answer) throw { code: 'call.unknown', facts: {} };
    return answer(args as never);
  });
  return calls;
}

const refuse = (code: string) => () => {
  throw { code, facts: {} };
};

afterEach(() => {
  useTransport(undefined);
  forgetRecords();
  undo.clear();
});

const noon = new Date(2026, 10, 20, 12, 0).getTime();
const hour = 3_600_000;

const row = (over: Partial<RecordRow> = {}): RecordRow => ({
  id: 'r1',
  form: 'patrol',
  form_title: 'Patrol report',
  icon: 'patrol',
  version: '1',
  name: '',
  status: 'complete',
  reason: null,
  sharing: 'team',
  author: 'Kite',
  mine: true,
  created: noon - 3 * hour,
  changed: noon,
  delivery: { where: 'only-here' },
  conflicts: 0,
  review: 0,
  ...over,
});

const counts = (over: Partial<CountsView> = {}): CountsView => ({
  drafts: 0,
  only_here: 0,
  handed_over: 0,
  received: 0,
  pruned: 0,
  ...over,
});

const exchange = (over: Partial<ExchangeView> = {}): ExchangeView => ({
  at: noon,
  way: 'card-in',
  name: 'card.baraza',
  records_out: 0,
  records_in: 0,
  already_had: 0,
  waiting: 0,
  set_aside: 0,
  receipts: 0,
  damaged: 0,
  pieces: 0,
  file: null,
  bytes: 0,
  outcome: 'done',
  code: null,
  ...over,
});

describe('moments', () => {
  it('are said by the calendar, not by 24 hours', () => {
    const late = new Date(2026, 10, 19, 23, 50).getTime();
    const early = new Date(2026, 10, 20, 0, 10).getTime();
    expect(daysAgo(late, early)).toBe(1);
    expect(when(late, early)).toBe('yesterday 23:50');
    expect(when(early, early)).toBe('today 00:10');
    expect(when(noon - 10 * 24 * hour, noon)).toBe('10 November, 12:00');
  });

  it('keep their direction inside a sentence of Arabic', async () => {
    await setLanguage('ar');
    expect(when(noon - 10 * 24 * hour, noon).startsWith('\u061c')).toBe(true);
    await setLanguage('en');
  });

  it('put rows under their days, in order', () => {
    const groups = byDay(
      [
        row({ id: 'a' }),
        row({ id: 'b', changed: noon - 24 * hour }),
        row({ id: 'c', changed: noon - 90 * 24 * hour }),
      ],
      noon,
    );
    expect(groups.map((group) => [group.name, group.items.map((one) => one.id)])).toEqual([
      ['today', ['a']],
      ['yesterday', ['b']],
      ['older', ['c']],
    ]);
  });
});

describe('a record in words', () => {
  it('is called by its form and its beginning while only a machine has named it', () => {
    expect(hasName(row({ name: 'd6e3d2cb' }))).toBe(false);
    expect(recordName(row({ name: 'd6e3d2cb' }), noon)).toBe('Patrol report, today 09:00');
    expect(recordName(row({ name: 'Kovarrin, market' }), noon)).toBe('Kovarrin, market');
  });

  it('says first what needs a person, then where it is', () => {
    expect(rowWords(row({ conflicts: 1 }), noon)).toMatchObject({
      kind: 'fork',
      fact: 'Two answers to one question.',
    });
    expect(rowWords(row({ review: 2 }), noon).kind).toBe('stop');
    expect(rowWords(row(), noon).fact).toBe('Only on this tablet.');
    const handed = rowWords(row({ delivery: { where: 'handed-over', to: 'hub', at: noon } }), noon);
    expect(handed).toMatchObject({ kind: 'handed', fact: 'Handed over' });
    expect(handed.next).toContain('Headquarters has not confirmed');
  });

  it('leaves out what there is not', () => {
    expect(side([false, 'a', null, '', 'b']).replace(/[\u2068\u2069]/g, '')).toBe('a, b');
  });

  it('groups answers under their part and reads days as days', () => {
    const line = { path: '', label: '', text: '', kind: 'string', voice: false, sealed: false, valid: true };
    const grouped = parts([
      { ...line, part: 'A' },
      { ...line, part: 'A' },
      { ...line, part: null },
    ]);
    expect(grouped.map((part) => [part.title, part.lines.length])).toEqual([
      ['A', 2],
      [null, 1],
    ]);
    expect(readable('date', '2026-11-14')).toBe('14 November');
    expect(readable('string', '2026-11-14')).toBe('2026-11-14');
    expect(readable('time', '09:42:00.000+02:00')).toBe('09:42');
    expect(readableGuess('2026-11-14')).toBe('14 November');
    expect(readableGuess('on 2026-11-14')).toBe('on 2026-11-14');
  });
});

describe('Today', () => {
  it('never calls safe what headquarters has not confirmed', () => {
    expect(bandFact(counts({ only_here: 4, handed_over: 2, received: 31 }))).toEqual({
      ring: 'here',
      fact: '4 are only on this tablet',
      sub: '2 handed over, 31 received',
    });
    expect(bandFact(counts({ handed_over: 2, received: 3 })).ring).toBe('handed');
    expect(bandFact(counts({ received: 3, pruned: 4 })).fact).toBe('All 7 are received at headquarters');
    expect(bandFact(counts({ drafts: 3 })).ring).toBe('draft');
  });

  it('puts the alert first and does not hide one form behind a link', () => {
    const form = (id: string, icon = 'form'): FormCard => ({
      id,
      icon,
      version: '1',
      title: id,
      sharing: 'private',
      drafts: 0,
      older_versions: [],
    });
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => form(id));
    expect(tiles([form('x'), form('alert', 'bell')]).alerts.map((one) => one.id)).toEqual(['alert']);
    expect(tiles(many.slice(0, 6)).plain).toHaveLength(6);
    expect(tiles(many).plain).toHaveLength(4);
    expect(tiles(many).all).toBe(7);
  });

  it('offers a discarded draft until the next act', async () => {
    const calls = desk({ discard: () => null, bring_back: () => row() });
    expect(await undo.discard(row({ name: 'One' }), noon)).toBe(true);
    expect(undo.last).toEqual({ id: 'r1', name: 'One', back: false });
    await undo.bringBack();
    expect(undo.last?.back).toBe(true);
    expect(calls.map((call) => call.name)).toEqual(['discard', 'bring_back']);
    undo.clear();
    expect(undo.last).toBeUndefined();
  });

  it('says why a draft that has left cannot be discarded', async () => {
    desk({ discard: refuse('record.already-shared') });
    expect(await undo.discard(row(), noon)).toBe(false);
    expect(undo.problem).toMatchObject({ code: 'record.already-shared' });
  });
});

describe('records', () => {
  const page = (from: number, n: number) =>
    Array.from({ length: n }, (_, index) => row({ id: `r${from + index}` }));

  it('come page after page, each once', async () => {
    const calls = desk({
      records: ({ query }: { query: { offset: number; limit: number } }) => ({
        total: 70,
        // A record that moved down a page while the person read comes twice.
        rows: page(Math.max(0, query.offset - 1), Math.min(query.limit, 70 - query.offset)),
        counts: counts({ only_here: 70 }),
      }),
      today: () => ({ two_answers: 1, review: 0 }),
      forms: () => [],
    });
    const list = new Records();
    await list.start();
    expect(list.rows).toHaveLength(30);
    expect(list.more).toBe(true);
    expect(list.twoAnswers).toBe(1);
    await list.next();
    expect(new Set(list.rows.map((one) => one.id)).size).toBe(list.rows.length);
    expect(calls.filter((call) => call.name === 'records')).toHaveLength(2);
  });

  it('are asked for by place or by need, never by both', async () => {
    const asked: unknown[] = [];
    desk({
      records: ({ query }: { query: unknown }) => {
        asked.push(query);
        return { total: 0, rows: [], counts: counts() };
      },
      today: refuse('desk.locked'),
      forms: () => [],
    });
    const list = new Records();
    await list.start({ filter: 'two-answers' });
    await list.show({ filter: 'draft', words: ' rain ' });
    expect(asked).toMatchObject([
      { place: '', needs: 'two-answers' },
      { place: 'draft', needs: '', words: 'rain' },
    ]);
    expect(list.asks).toBe(true);
  });

  it('come back as they were left, until the tablet locks', async () => {
    desk({
      records: ({ query }: { query: { limit: number } }) => ({
        total: 90,
        rows: page(0, query.limit),
        counts: counts(),
      }),
      today: () => ({ two_answers: 0, review: 0 }),
      forms: () => [],
    });
    const first = new Records();
    await first.start({ filter: 'received' });
    await first.next();
    first.keep(480);
    const again = new Records();
    expect(await again.start()).toBe(480);
    expect(again.filter).toBe('received');
    forgetRecords();
    const fresh = new Records();
    expect(await fresh.start()).toBe(0);
    expect(fresh.filter).toBe('');
  });
});

describe('two answers', () => {
  const claim = (id: string, value: string | null): ClaimCard => ({
    claim: id,
    value,
    text: value ?? '',
    author: id,
    mine: false,
    at: noon,
  });
  const card = (over: Partial<ConflictCard> = {}): ConflictCard => ({
    record: 'r1',
    path: '/data/a',
    label: 'How safe?',
    kind: 'string',
    choices: [],
    claims: [claim('imani', 'a'), claim('sami', null)],
    ...over,
  });
  const sheet = (conflicts: ConflictCard[]): RecordSheet => ({
    row: row(),
    answers: [],
    conflicts,
    history: [],
    journey: [],
    review: [],
    discardable: false,
  });
  const choice = (value: string) => ({ value, label: value, picture: null, exclusive: false, apart: false });

  it('let another answer be given as the question takes it', () => {
    const choices = [choice('a'), choice('b')];
    expect(anotherWay(card())).toBe('text');
    expect(anotherWay(card({ kind: 'select1', choices }))).toBe('one');
    expect(anotherWay(card({ kind: 'select', choices }))).toBe('many');
    expect(anotherWay(card({ kind: 'string', choices, claims: [claim('i', 'a b')] }))).toBe('many');
    expect(anotherWay(card({ kind: 'int' }))).toBe('number');
    expect(anotherWay(card({ kind: 'geotrace' }))).toBe('none');
  });

  it('are settled with exactly the answers that were shown, then the next question comes', async () => {
    const rest = [[card(), card({ path: '/data/b' })], [card({ path: '/data/b' })]];
    const calls = desk({ record: () => sheet(rest.shift() ?? []), resolve: () => null });
    const two = new Conflict('r1');
    await two.load();
    expect([two.at, two.all]).toEqual([0, 2]);
    expect(await two.settle(null)).toBe(true);
    expect(calls[1]).toEqual({
      name: 'resolve',
      args: { record: 'r1', path: '/data/a', value: null, shown: ['imani', 'sami'] },
    });
    expect(two.card?.path).toBe('/data/b');
    expect(two.settled).toBe(1);
  });

  it('look ahead to the next record when this one is done', async () => {
    desk({
      record: () => sheet([]),
      today: () => ({ decide: [row({ id: 'r1', conflicts: 1 }), row({ id: 'r2', conflicts: 1 })] }),
    });
    const two = new Conflict('r1');
    await two.load();
    expect(two.next?.id).toBe('r2');
  });

  it('are shown again when another answer came meanwhile', async () => {
    desk({ record: () => sheet([card()]), resolve: refuse('record.shown-differs') });
    const two = new Conflict('r1');
    await two.load();
    expect(await two.settle('a')).toBe(false);
    expect(two.changed).toBe(true);
    expect(two.problem).toBeUndefined();
    expect(two.settled).toBe(0);
  });

  it('can wait, one after the other', async () => {
    desk({ record: () => sheet([card(), card({ path: '/data/b' })]) });
    const two = new Conflict('r1');
    await two.load();
    expect(two.wait()).toBe(true);
    expect(two.card?.path).toBe('/data/b');
    expect(two.wait()).toBe(false);
  });
});

describe('handing over', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const outbox = () => ({
    counts: counts(),
    waiting: [],
    exchanges: [],
    hub: { url: null, pinned: false, last: null },
  });

  it('says how far it has come, can be stopped, and ends with a report', async () => {
    let end: (report: ExchangeView) => void = () => {};
    const calls = desk({
      outbox,
      progress: () => ({ running: true, done: 3, total: 6 }),
      cancel: () => null,
      meet_hub: () => new Promise((done) => (end = done)),
    });
    const hand = new Handover();
    const work = hand.meetHub();
    await vi.advanceTimersByTimeAsync(650);
    expect(hand.working).toBe('hub');
    expect(hand.progress).toMatchObject({ done: 3, total: 6 });
    await hand.stop();
    expect(hand.stopping).toBe(true);
    end(exchange({ way: 'hub', outcome: 'cancelled', records_out: 3 }));
    await work;
    expect(hand.working).toBeUndefined();
    expect(hand.report?.outcome).toBe('cancelled');
    const asked = calls.filter((call) => call.name === 'progress').length;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls.filter((call) => call.name === 'progress')).toHaveLength(asked);
  });

  it('reports a refusal as well', async () => {
    desk({ outbox, card_in: refuse('sync.not-a-bundle') });
    const hand = new Handover();
    await hand.readCard({ path: '/card/x' }, 'x');
    expect(hand.report).toMatchObject({ outcome: 'failed', code: 'sync.not-a-bundle', name: 'x' });
    expect(reportTitle(hand.report!)).toBe('The card was not read');
  });

  it('begins nothing else while it works', async () => {
    const calls = desk({
      outbox,
      progress: () => ({ running: true, done: 0, total: 0 }),
      meet_hub: () => new Promise(() => {}),
    });
    const hand = new Handover();
    void hand.meetHub();
    await hand.meetHub();
    expect(calls.filter((call) => call.name === 'meet_hub')).toHaveLength(1);
  });
});

describe('the report', () => {
  const texts = (one: ExchangeView) => reportLines(one).map((line) => line.text);

  it('counts in records and says also what did not come', () => {
    expect(texts(exchange({ way: 'hub', records_out: 9, receipts: 5 }))).toEqual([
      '9 records given',
      'No new record came',
      '5 confirmations of headquarters',
    ]);
  });

  it('names what is damaged, waiting and set aside', () => {
    const partly = exchange({
      outcome: 'partly',
      records_in: 4,
      damaged: 1,
      pieces: 5,
      waiting: 2,
      set_aside: 1,
    });
    expect(texts(partly)).toContain('1 of 5 pieces was damaged');
    expect(texts(partly)).toContain('2 pieces wait for something that may still come');
    expect(isClean(partly)).toBe(false);
    expect(logRing(partly)).toBe('stop');
    expect(reportTitle(partly)).toBe('Only a part was read');
  });

  it('does not claim that a written card was read through', () => {
    expect(isClean(exchange({ way: 'card-out', records_out: 2 }))).toBe(false);
    expect(isClean(exchange())).toBe(true);
  });

  it('reads an outcome that it does not know with care', () => {
    expect(reportTitle(exchange({ outcome: 'odd', way: 'odd' }))).toBe('Only a part was read');
  });

  it('fits one line in the log', () => {
    expect(logLine(exchange({ way: 'hub', records_out: 9, receipts: 5 }))).toBe('gave 9, confirmed 5');
    expect(logLine(exchange())).toBe('nothing new');
    expect(logLine(exchange({ outcome: 'failed' }))).toBe('did not work');
  });
});

describe('small things', () => {
  it('free room is said as on the packaging', () => {
    expect(room(37_132_214_272)).toBe('37 GB free');
    expect(room(180_500_000)).toBe('180 MB free');
    expect(room(null)).toBe('Free room not known');
  });

  it('bytes become base64 whatever their number', () => {
    const bytes = new Uint8Array(100_000).map((_, index) => index % 256);
    expect(Uint8Array.from(atob(base64(bytes)), (sign) => sign.charCodeAt(0))).toEqual(bytes);
  });
});
