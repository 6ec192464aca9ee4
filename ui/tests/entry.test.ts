/** Coming in: unlocking, choosing words, joining and making a workspace. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asWords, compare, Passphrase } from '$lib/domain/field/passphrase.svelte';
import { useTransport } from '$lib/ipc/call';
import { Found } from '$views/entry/found.svelte';
import { Join } from '$views/entry/join.svelte';
import { Unlock } from '$views/entry/unlock.svelte';

const six = 'crowd keg void sneer reply smirk';

function desk(answers: Record<string, (args: never) => unknown>): string[] {
  const calls: string[] = [];
  useTransport(async (name, args) => {
    calls.push(name);
    const answer = answers[name];
    if (!answer) throw { code: 'call.unknown', facts: {} };
    return answer(args as never);
  });
  return calls;
}
const refuse = (code: string) => () => {
  throw { code, facts: {} };
};

afterEach(() => useTransport(undefined));

describe('unlocking', () => {
  it('says what to do and counts no tries', async () => {
    desk({ unlock: refuse('vault.wrong-passphrase') });
    const unlock = new Unlock();
    unlock.words = 'wrong words';
    expect(await unlock.open()).toBeUndefined();
    expect(unlock.why).toBe('That did not open. Check each word, then try again.');
    expect(unlock.words).toBe('wrong words');
  });

  it('opens also when a keyboard put capitals and spaces into the words', async () => {
    const tried: string[] = [];
    desk({
      unlock: ({ passphrase }: { passphrase: string }) => {
        tried.push(passphrase);
        if (passphrase !== six) throw { code: 'vault.wrong-passphrase', facts: {} };
        return { stage: 'open' };
      },
    });
    const unlock = new Unlock();
    unlock.words = 'Crowd keg  void sneer reply smirk ';
    expect(await unlock.open()).toEqual({ stage: 'open' });
    expect(tried).toEqual(['Crowd keg  void sneer reply smirk ', six]);
  });

  it('tells another window from wrong words', async () => {
    desk({ unlock: refuse('vault.locked') });
    const unlock = new Unlock();
    unlock.words = six;
    await unlock.open();
    expect(unlock.why).toContain('another window');
  });

  it('forgets the words once they worked, and asks only once at a time', async () => {
    const calls = desk({ unlock: () => ({ stage: 'open' }) });
    const unlock = new Unlock();
    unlock.words = six;
    const [first, second] = await Promise.all([unlock.open(), unlock.open()]);
    expect([first, second]).toEqual([{ stage: 'open' }, undefined]);
    expect(unlock.words).toBe('');
    expect(calls).toEqual(['unlock']);
  });

  it('asks nothing without words', async () => {
    const calls = desk({});
    const unlock = new Unlock();
    unlock.words = '  ';
    await unlock.open();
    expect(unlock.why).toBe('Write your words first.');
    expect(calls).toEqual([]);
  });
});

describe('words typed back', () => {
  it('may differ in case and spaces', () => {
    expect(asWords('  Crowd, KEG\nvoid ')).toEqual(['crowd', 'keg', 'void']);
    expect(compare(six, six.toUpperCase().replaceAll(' ', '  ')).state).toBe('good');
  });

  it('say which word differs and how many are missing', () => {
    expect(compare(six, 'crowd keg void')).toMatchObject({ state: 'short', missing: 3 });
    expect(compare(six, 'crowd peg')).toMatchObject({ state: 'differs', word: 2 });
    expect(compare(six, `${six} more`)).toMatchObject({ state: 'differs', word: 7 });
    expect(compare(six, '')).toMatchObject({ state: 'empty' });
  });
});

describe('choosing words', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is done only when they are on paper and were typed back', async () => {
    desk({ passphrase_words: () => six });
    const choosing = new Passphrase();
    await choosing.draw();
    choosing.typed = six;
    expect(choosing.ready).toBe(false);
    choosing.written = true;
    expect(choosing.ready).toBe(true);
    expect(choosing.secret).toBe(six);
    choosing.forget();
    expect(choosing.secret).toBe('');
  });

  it('asks about own words when the typing pauses, and wants them twice', async () => {
    const asked: string[] = [];
    desk({
      strength: ({ passphrase }: { passphrase: string }) => {
        asked.push(passphrase);
        return passphrase.length > 20
          ? { passes: true, problems: [] }
          : { passes: false, problems: ['too-short'] };
      },
    });
    const choosing = new Passphrase();
    choosing.way = 'own';
    choosing.type('a');
    choosing.type('goats');
    await vi.advanceTimersByTimeAsync(400);
    expect(asked).toEqual(['goats']);
    expect(choosing.answer?.problems).toEqual(['too-short']);
    choosing.type('seven goats walk to the well');
    expect(choosing.answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(400);
    expect(choosing.ready).toBe(false);
    choosing.again = 'seven goats walk to the well';
    expect(choosing.ready).toBe(true);
  });
});

describe('joining', () => {
  const ready = (join: Join) => {
    join.choosing.words = six;
    join.choosing.written = true;
    join.choosing.typed = six;
  };

  it('goes step by step and says what is missing', async () => {
    desk({});
    const join = new Join();
    await join.next();
    expect([join.step, join.why]).toEqual([1, 'Paste the text or pick a file first.']);
    join.paper = { text: 'BRZ' };
    await join.next();
    await join.next();
    expect([join.step, join.why]).toEqual([2, 'Give the tablet a name first.']);
    join.alias = ' Reed ';
    await join.next();
    await join.next();
    expect([join.step, join.why]).toEqual([3, 'Choose the words first.']);
    expect(join.back()).toBe(true);
    expect(join.step).toBe(2);
  });

  it('leads back to the invitation when that was refused, and keeps the rest', async () => {
    desk({ join: refuse('enrol.expired') });
    const join = new Join();
    join.paper = { text: 'BRZ' };
    join.alias = 'Reed';
    join.step = 3;
    ready(join);
    expect(await join.next()).toBeUndefined();
    expect(join.step).toBe(1);
    expect(join.why).toContain('too old');
    expect(join.alias).toBe('Reed');
    expect(join.choosing.ready).toBe(true);
  });

  it('ends where the device then stands, with the words forgotten', async () => {
    const given: unknown[] = [];
    desk({ join: (args) => given.push(args), status: () => ({ stage: 'waiting' }) });
    const join = new Join();
    join.paper = { text: 'BRZ' };
    join.alias = ' Reed ';
    join.step = 3;
    ready(join);
    expect(await join.next()).toEqual({ stage: 'waiting' });
    expect(given).toEqual([{ invitation: { text: 'BRZ' }, alias: 'Reed', passphrase: six }]);
    expect(join.choosing.secret).toBe('');
  });
});

describe('making a workspace', () => {
  it('waits for a name, words and the promise about the key', async () => {
    const calls = desk({ found: () => ({ stage: 'open' }) });
    const found = new Found();
    await found.make();
    expect(found.missing).toBe('name');
    found.name = 'Three Stones';
    await found.make();
    expect(found.why).toBe('Choose the words first.');
    found.choosing.words = found.choosing.typed = six;
    found.choosing.written = true;
    await found.make();
    expect(found.why).toContain('offline');
    expect(calls).toEqual([]);
    found.offline = true;
    expect(await found.make()).toEqual({ stage: 'open' });
  });
});
