/**
 * What is held, in groups that a person can act on: a sentence per reason, and one thing to do about it.
 * Codes come from the core (`office.…`, `segment.…`, `open.…`, `record.…`, `wire.…`); an unknown one still gets a sentence.
 */
import type { HeldLine } from '$lib/ipc/types';

export type Why =
  | 'pastCut'
  | 'offCut'
  | 'cutUnproven'
  | 'missingForm'
  | 'missingChange'
  | 'newerRoster'
  | 'unknownDevice'
  | 'foreign'
  | 'badSignature'
  | 'noKey'
  | 'damaged'
  | 'doesNotFit'
  | 'newerApp'
  | 'tooWide'
  | 'failed'
  | 'unknown';

export type Todo = 'wait' | 'form' | 'compare' | 'again' | 'retry' | 'member' | 'tell' | 'update';

const byCode: Record<string, Why> = {
  'segment.past_cut': 'pastCut',
  'office.off-the-cut': 'offCut',
  'office.cut-unproven': 'cutUnproven',
  'office.missing-form': 'missingForm',
  'office.missing-dependency': 'missingChange',
  'record.missing-change': 'missingChange',
  'segment.newer_roster': 'newerRoster',
  'segment.unknown_device': 'unknownDevice',
  'segment.wrong_workspace': 'foreign',
  'segment.bad_signature': 'badSignature',
  'open.no_key': 'noKey',
  'open.wrong_key': 'noKey',
  'open.corrupt': 'damaged',
  'open.unsealable': 'damaged',
  'office.part-mismatch': 'doesNotFit',
  'office.form-mismatch': 'doesNotFit',
  'office.form-too-wide': 'tooWide',
  'office.panicked': 'failed',
  'wire.version': 'newerApp',
  'record.unknown-version': 'newerApp',
};

const byArea: Record<string, Why> = {
  wire: 'damaged',
  payload: 'damaged',
  open: 'damaged',
  record: 'doesNotFit',
};

const todos: Record<Why, Todo> = {
  pastCut: 'compare',
  offCut: 'compare',
  cutUnproven: 'wait',
  missingForm: 'form',
  missingChange: 'wait',
  newerRoster: 'member',
  unknownDevice: 'member',
  foreign: 'tell',
  badSignature: 'tell',
  noKey: 'member',
  damaged: 'again',
  doesNotFit: 'tell',
  newerApp: 'update',
  tooWide: 'retry',
  failed: 'retry',
  unknown: 'retry',
};

export function whyOf(code: string): Why {
  return byCode[code] ?? byArea[code.split('.')[0] ?? ''] ?? 'unknown';
}

/** What to do. Only what is up for review can be accepted; whatever waits is tried by itself. */
export function todoOf(line: Pick<HeldLine, 'code' | 'state'>): Todo {
  if (line.state === 'review') return 'compare';
  const todo = todos[whyOf(line.code)];
  if (todo === 'compare') return 'wait';
  return todo;
}

/** Lines of one device for one reason, which one sentence covers. */
export interface HeldGroup {
  key: string;
  why: Why;
  todo: Todo;
  state: string;
  code: string;
  device: string;
  formTitle: string | undefined;
  records: string[];
  /** What `accept_held` takes, each once. */
  digests: string[];
  lines: HeldLine[];
}

/**
 * Groups, those that need a person first, in the order in which they came otherwise. What is up for review stays
 * apart by record, because it is compared record by record.
 */
export function grouped(lines: readonly HeldLine[]): HeldGroup[] {
  const groups = new Map<string, HeldGroup>();
  for (const line of lines) {
    const apart = line.state === 'review' ? (line.record ?? line.digest) : '';
    const key = [line.state, line.code, line.device, line.form_title ?? '', apart].join('|');
    const group = groups.get(key) ?? {
      key,
      why: whyOf(line.code),
      todo: todoOf(line),
      state: line.state,
      code: line.code,
      device: line.device,
      formTitle: line.form_title ?? undefined,
      records: [],
      digests: [],
      lines: [],
    };
    group.lines.push(line);
    if (line.record !== null && !group.records.includes(line.record)) group.records.push(line.record);
    if (!group.digests.includes(line.digest)) group.digests.push(line.digest);
    groups.set(key, group);
  }
  const order = ['review', 'quarantined', 'waiting'];
  return [...groups.values()].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}
