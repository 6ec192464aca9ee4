/** Neema looks at what is set aside: one line per thing that she can do, and never an accept where there is none. */
import { describe, expect, it } from 'vitest';
import { grouped, todoOf, whyOf } from '$lib/domain/hq/held';
import en from '$lib/i18n/hq/en';
import type { HeldLine } from '$lib/ipc/types';

function line(part: Partial<HeldLine>): HeldLine {
  return {
    digest: 'd1',
    item: 0,
    device: 'Heron',
    record: null,
    form_title: null,
    state: 'quarantined',
    code: 'open.corrupt',
    detail: '',
    since: 0,
    tries: 0,
    ...part,
  };
}

describe('why something is held', () => {
  it('has a sentence for every code, known or not', () => {
    const codes = ['segment.past_cut', 'wire.limit', 'record.causality', 'open.unsealable', 'new.thing', ''];
    for (const code of codes) expect(en.hq.held.why).toHaveProperty(whyOf(code));
  });

  it('offers to accept only what is up for review', () => {
    expect(todoOf({ code: 'segment.past_cut', state: 'review' })).toBe('compare');
    expect(todoOf({ code: 'segment.past_cut', state: 'waiting' })).toBe('wait');
    expect(todoOf({ code: 'segment.bad_signature', state: 'quarantined' })).toBe('tell');
  });
});

describe('grouping', () => {
  it('makes one line of thirty pieces that wait for one form', () => {
    const lines = Array.from({ length: 30 }, (_, n) =>
      line({ state: 'waiting', code: 'office.missing-form', digest: `d${n}` }),
    );
    const groups = grouped(lines);
    expect(groups).toHaveLength(1);
    expect(groups[0]?.lines).toHaveLength(30);
  });

  it('keeps records apart that are compared one by one, and names each digest once', () => {
    const review = { state: 'review', code: 'segment.past_cut' };
    const groups = grouped([
      line({ ...review, record: 'a', digest: 'd1', item: 0 }),
      line({ ...review, record: 'a', digest: 'd1', item: 1 }),
      line({ ...review, record: 'b', digest: 'd2' }),
    ]);
    expect(groups.map((group) => [group.records, group.digests])).toEqual([
      [['a'], ['d1']],
      [['b'], ['d2']],
    ]);
  });

  it('shows what needs a person before what only waits', () => {
    const groups = grouped([
      line({ state: 'waiting', code: 'office.missing-dependency' }),
      line({}),
      line({ state: 'review' }),
    ]);
    expect(groups.map((group) => group.state)).toEqual(['review', 'quarantined', 'waiting']);
  });
});
