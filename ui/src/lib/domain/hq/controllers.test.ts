/** The controllers of headquarters against a desk that answers as the core does. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { base64 } from '$lib/domain/hq/files';
import { PublishDesk } from '$lib/domain/hq/forms.svelte';
import { refused } from '$lib/domain/exchange';
import { InboxDesk } from '$lib/domain/hq/inbox.svelte';
import { ApprovalDesk } from '$lib/domain/hq/members.svelte';
import { byPart, moments, outcomeValue, SheetDesk } from '$lib/domain/hq/sheet.svelte';
import { TableDesk } from '$lib/domain/hq/table.svelte';
import { Work } from '$lib/domain/hq/work.svelte';
import { useTransport, type Transport } from '$lib/ipc/call';
import type { AnswerLine, ConflictCard, HistoryLine, TableForm, TableQueryView } from '$lib/ipc/types';

type Calls = { name: string; args: Record<string, unknown> }[];

/** Answers by command name; remembers what was asked. */
function desk(answers: Record<string, (args: never) => unknown>): Calls {
  const calls: Calls = [];
  const transport: Transport = async (name, args) => {
    calls.push({ name, args: args as Record<string, unknown> });
    const answer = answers[name];
    if (!answer) throw { code: 'call.unknown' };
    return answer(args as never);
  };
  useTransport(transport);
  return calls;
}

const named = (calls: Calls, name: string) => calls.filter((call) => call.name === name);

afterEach(() => useTransport(undefined));

describe('importing', () => {
  const done = (name: string) => ({ ...refused('import', name, {}), outcome: 'done', records_in: 3 });
  const file = (name: string) => ({ name, file: { path: name } });

  it('reads files one after another, and one that is refused stops none of the others', async () => {
    const calls = desk({
      import_file: ({ file }: { file: { path: string } }) => {
        if (file.path === 'b') throw { code: 'sync.not-a-bundle' };
        return done(file.path);
      },
      inbox: () => ({ exchanges: [], held: { waiting: 0, quarantined: 0, review: 0 } }),
      outbox: () => ({ hub: { url: null, pinned: false, last: null } }),
    });
    const inbox = new InboxDesk();
    await inbox.import([file('a'), file('b'), file('c')]);
    expect(named(calls, 'import_file')).toHaveLength(3);
    expect(inbox.reports.map((report) => [report.name, report.outcome])).toEqual([
      ['c', 'done'],
      ['b', 'failed'],
      ['a', 'done'],
    ]);
    expect(inbox.busy).toBe(false);
  });

  it('begins no further file when the person stopped', async () => {
    const calls = desk({
      import_file: () => ({ ...done('a'), outcome: 'cancelled' }),
      inbox: () => ({ exchanges: [] }),
    });
    const inbox = new InboxDesk();
    await inbox.import([file('a'), file('b')]);
    expect(named(calls, 'import_file')).toHaveLength(1);
    expect(inbox.queue).toEqual([]);
  });

  it('asks for the hub first when none is known', async () => {
    const calls = desk({});
    expect(await new InboxDesk().meet()).toBe(false);
    expect(calls).toEqual([]);
  });

  it('accepts each segment of a group once', async () => {
    const calls = desk({ accept_held: () => ({ exchanges: [] }) });
    await new InboxDesk().accept(['d1', 'd2'], 'Heron');
    expect(named(calls, 'accept_held').map((call) => call.args.digest)).toEqual(['d1', 'd2']);
  });

  it('says how far it is and stops only once', async () => {
    vi.useFakeTimers();
    try {
      const calls = desk({ progress: () => ({ running: true, done: 3, total: 9 }), cancel: () => null });
      const work = new Work();
      let end = () => {};
      const running = work.run('Reading', () => new Promise<void>((resolve) => (end = resolve)));
      await vi.advanceTimersByTimeAsync(350);
      expect(work.running).toMatchObject({ done: 3, total: 9, stopping: false });
      await work.stop();
      await work.stop();
      expect(named(calls, 'cancel')).toHaveLength(1);
      end();
      await running;
      expect(work.running).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the table', () => {
  const form = (id: string): TableForm => ({
    id,
    title: id,
    icon: 'form',
    version: '1',
    versions: ['1'],
    records: 5,
    convenience: false,
  });
  const page = (query: TableQueryView, matching = 5) => ({
    form: form(query.form),
    matching,
    total: 5,
    as_of: 0,
    repeats: [''],
    rows: [],
    columns: [
      { column: 'when', label: 'When', kind: 'date', main: true, filterable: false },
      { column: 'site', label: 'Site', kind: 'choice', main: true, filterable: true },
      { column: 'note', label: 'Note', kind: 'text', main: false, filterable: false },
    ],
  });

  it('opens the first form that has something to decide, unfinished records too', async () => {
    const calls = desk({
      tables: () => [form('fgd'), form('patrol')],
      table: ({ query }: { query: TableQueryView }) => page(query, query.form === 'patrol' ? 1 : 0),
    });
    const table = new TableDesk();
    await table.start({ needs: 'two-answers' });
    expect(table.query).toMatchObject({ form: 'patrol', needs: 'two-answers', drafts: true });
    expect(table.needed).toEqual({ fgd: 0, patrol: 1 });
    expect(named(calls, 'table')).toHaveLength(3);
  });

  it('shows main columns, but not the day twice', async () => {
    desk({ tables: () => [form('fgd')], table: ({ query }: { query: TableQueryView }) => page(query) });
    const table = new TableDesk();
    await table.start();
    expect(table.shown.map(({ column }) => column.column)).toEqual(['site']);
    table.choose(['when', 'note']);
    expect(table.shown.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('goes back to the first page when a filter changes, and drops filters of another table', async () => {
    desk({ tables: () => [form('fgd')], table: ({ query }: { query: TableQueryView }) => page(query, 200) });
    const table = new TableDesk();
    await table.start();
    await table.turn(2);
    expect(table.query.offset).toBe(100);
    await table.setFilter('site', ['a', 'b']);
    expect(table.query).toMatchObject({ offset: 0, filters: [{ column: 'site', values: ['a', 'b'] }] });
    await table.pickRepeat('people');
    expect(table.query.filters).toEqual([]);
  });

  it('never lets a slow answer overtake a newer one', async () => {
    const waiting: (() => void)[] = [];
    desk({
      tables: () => [form('fgd')],
      table: ({ query }: { query: TableQueryView }) =>
        new Promise((resolve) => waiting.push(() => resolve(page(query, query.words === 'new' ? 2 : 1)))),
    });
    const table = new TableDesk();
    const first = table.ask({ ...table.query, form: 'fgd', words: 'old' });
    const second = table.ask({ ...table.query, form: 'fgd', words: 'new' });
    waiting[1]?.();
    await second;
    waiting[0]?.();
    await first;
    expect(table.view?.matching).toBe(2);
  });
});

describe('two answers', () => {
  const claim = (name: string, value: string | null) => ({
    claim: name,
    value,
    text: value ?? '',
    author: name,
    mine: false,
    at: 0,
  });
  const card: ConflictCard = {
    record: 'r',
    path: '/data/safe',
    label: 'Safety',
    kind: 'select1',
    choices: [],
    claims: [claim('imani', 'unsafe'), claim('sami', null)],
  };

  it('has no outcome before a person chose one', () => {
    expect(outcomeValue(card, undefined)).toBeUndefined();
    expect(outcomeValue(card, { kind: 'value', value: '  ' })).toBeUndefined();
  });

  it('keeps one, also one that was cleared, or takes another', () => {
    expect(outcomeValue(card, { kind: 'claim', claim: 'imani' })).toBe('unsafe');
    expect(outcomeValue(card, { kind: 'claim', claim: 'sami' })).toBeNull();
    expect(outcomeValue(card, { kind: 'value', value: ' safe ' })).toBe('safe');
    expect(outcomeValue(card, { kind: 'none' })).toBeNull();
  });

  it('supersedes exactly the claims that were on screen', async () => {
    const calls = desk({ resolve: () => null, office_record: () => ({ conflicts: [] }) });
    expect(await new SheetDesk('r').settle(card, 'unsafe')).toBe(true);
    expect(calls[0]?.args).toEqual({
      record: 'r',
      path: '/data/safe',
      value: 'unsafe',
      shown: ['imani', 'sami'],
    });
  });

  it('asks for sealed answers only when told to', async () => {
    const calls = desk({ office_record: () => ({ conflicts: [] }) });
    const sheet = new SheetDesk('r');
    await sheet.load();
    await sheet.open();
    expect(calls.map((call) => call.args.severe)).toEqual([false, true]);
  });

  it('groups answers by part without changing their order', () => {
    const line = (part: string | null, path: string) => ({ part, path }) as AnswerLine;
    const parts = byPart([line('A', '1'), line('A', '2'), line('B', '3'), line('A', '4')]);
    expect(parts.map(({ part, lines }) => [part, lines.map((l) => l.path)])).toEqual([
      ['A', ['1', '2']],
      ['B', ['3']],
      ['A', ['4']],
    ]);
  });
});

describe('the history', () => {
  it('says once who filled a form, and keeps later changes apart', () => {
    const line = (author: string, at: number) => ({ author, at }) as HistoryLine;
    const steps = moments([line('Amina', 9), line('Imani', 2), line('Imani', 2), line('Sami', 2)]);
    expect(steps.map(({ author, lines }) => [author, lines.length])).toEqual([
      ['Amina', 1],
      ['Imani', 2],
      ['Sami', 1],
    ]);
  });
});

describe('approving', () => {
  const asked = { alias: 'Ibis', role: 'interpreter', team: null, words: ['lantern'], expires: 0 };

  it('has no way but through comparing the words', async () => {
    const calls = desk({ examine: () => asked, approve: () => ({ kind: 'approval' }) });
    const approval = new ApprovalDesk();
    await approval.read({ text: 'request' });
    await approval.approve();
    approval.compare(false);
    await approval.approve();
    expect(named(calls, 'approve')).toEqual([]);
    approval.compare(true);
    await approval.approve();
    expect(named(calls, 'approve')).toHaveLength(1);
    expect(approval.paper?.kind).toBe('approval');
  });

  it('forgets what was compared when another request is read', async () => {
    const calls = desk({ examine: () => asked });
    const approval = new ApprovalDesk();
    await approval.read({ text: 'one' });
    approval.compare(true);
    await approval.read({ text: 'two' });
    expect(approval.words).toBe('open');
    await approval.approve();
    expect(named(calls, 'approve')).toEqual([]);
  });
});

describe('publishing', () => {
  const file = { name: 'form.xlsx', file: { path: 'form.xlsx' } };

  it('publishes nothing that the check refused', async () => {
    const calls = desk({
      publish: () => ({ form: null, published: false, findings: [{ severity: 'error' }] }),
    });
    const publishing = new PublishDesk();
    await publishing.check(file);
    await publishing.publish();
    expect(named(calls, 'publish').map((call) => call.args.publish)).toEqual([false]);
    expect([publishing.refused, publishing.errors]).toEqual([true, 1]);
  });
});

it('writes large files in base64', () => {
  const bytes = new Uint8Array(200_000).map((_, n) => n % 251);
  expect(atob(base64(bytes)).length).toBe(bytes.length);
});
