/** An open form against a desk that can be slow, full or strict. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTransport } from '$lib/ipc/call';
import type { FormScreen, ItemView, QuestionView } from '$lib/ipc/types';
import { FormFill } from './form.svelte';
import { pause } from './typing.svelte';

type Asked = { item: 'question' } & QuestionView;

function asked(path: string, more: Partial<QuestionView> = {}): Asked {
  return {
    item: 'question',
    path,
    number: 1,
    label: path,
    voice: false,
    hint: null,
    guidance: null,
    required: false,
    readonly: false,
    severe: false,
    value: '',
    text: '',
    problem: null,
    control: { control: 'text' },
    ...more,
  };
}

class Desk {
  items: ItemView[] = [asked('/d/a'), asked('/d/b')];
  calls: string[] = [];
  full = false;
  slow = 0;
  refuses: string | undefined;
  keepsNothing = false;
  part = 0;

  screen(): FormScreen {
    return {
      record: 'r',
      form: 'f',
      title: 'Focus group',
      name: '',
      version: '1',
      newer: null,
      languages: [],
      parts: [
        { title: 'One', state: 'begun', to_fix: 0, left: 0 },
        { title: 'Two', state: 'open', to_fix: 0, left: 0 },
      ],
      part: this.part,
      items: structuredClone(this.items),
      to_fix: 0,
      left: 0,
      required_left: 0,
      severe: 0,
      questions: 2,
      saved: null,
      focus: null,
      team: false,
      amending: null,
    };
  }

  carry = async (name: string, given: unknown): Promise<unknown> => {
    const args = given as Record<string, string>;
    if (this.slow > 0) await new Promise((done) => setTimeout(done, this.slow));
    if (name === 'answer') {
      this.calls.push(`answer ${args.path}=${args.value}`);
      if (this.full) throw { code: 'vault.disk-full' };
      if (this.refuses) throw { code: this.refuses };
      for (const item of this.items) {
        if (item.item === 'question' && item.path === args.path)
          item.value = this.keepsNothing ? '' : (args.value ?? '');
        if (item.item === 'script' && item.acknowledge && item.acknowledge.path === args.path)
          item.acknowledge.value = args.value ?? '';
      }
      return this.screen();
    }
    this.calls.push(name);
    if (name === 'turn') this.part = Number(args.part);
    return name === 'stay' ? null : this.screen();
  };

  stored(path: string): string | undefined {
    const found = this.items.find((item) => item.item === 'question' && item.path === path);
    return found?.item === 'question' ? found.value : undefined;
  }
}

let desk: Desk;

async function opened(): Promise<FormFill> {
  const fill = new FormFill({ begin: 'f' }, 180);
  await fill.load();
  desk.calls = [];
  return fill;
}

const on = (fill: FormFill, path: string) => {
  const item = fill.screen?.items.find((one) => one.item === 'question' && one.path === path);
  if (item?.item !== 'question') throw new Error(`no ${path}`);
  return item;
};

beforeEach(() => {
  vi.useFakeTimers();
  desk = new Desk();
  useTransport(desk.carry);
});

afterEach(() => {
  useTransport(undefined);
  vi.useRealTimers();
});

describe('saving', () => {
  it('waits for a pause in typing, and saves a choice at once', async () => {
    const fill = await opened();
    fill.type('/d/a', 'N', 'N');
    fill.type('/d/a', 'Ne', 'Ne');
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(desk.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(desk.calls).toEqual(['answer /d/a=Ne']);
    fill.set('/d/b', 'yes');
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.calls).toEqual(['answer /d/a=Ne', 'answer /d/b=yes']);
  });

  it('saves before it turns the part', async () => {
    const fill = await opened();
    fill.type('/d/a', 'half a word', 'half a word');
    await fill.turn(1);
    expect(desk.calls).toEqual(['answer /d/a=half a word', 'turn']);
  });

  it('keeps what is typed while an answer comes back', async () => {
    const fill = await opened();
    desk.slow = 100;
    fill.type('/d/a', 'They asked', 'They asked');
    await vi.advanceTimersByTimeAsync(pause);
    fill.type('/d/a', 'They asked twice', 'They asked twice');
    await vi.advanceTimersByTimeAsync(150);
    expect(on(fill, '/d/a').value).toBe('They asked');
    expect(fill.text(on(fill, '/d/a'))).toBe('They asked twice');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.stored('/d/a')).toBe('They asked twice');
  });

  it('saves once for many touches on "more" while one is under way', async () => {
    const fill = await opened();
    desk.slow = 100;
    for (const value of ['1', '2', '3', '4']) fill.set('/d/a', value);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.stored('/d/a')).toBe('4');
    expect(desk.calls.length).toBeLessThanOrEqual(2);
  });
});

describe('leaving a question', () => {
  it('does not save again what is saved', async () => {
    const fill = await opened();
    fill.type('/d/a', 'twelve', 'twelve');
    await vi.advanceTimersByTimeAsync(pause);
    fill.leave('/d/a');
    await vi.advanceTimersByTimeAsync(pause);
    expect(desk.calls).toEqual(['answer /d/a=twelve']);
  });

  it('saves without waiting for the pause', async () => {
    const fill = await opened();
    fill.type('/d/a', 'tw', 'tw');
    fill.leave('/d/a');
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.calls).toEqual(['answer /d/a=tw']);
    expect(fill.text(on(fill, '/d/a'))).toBe('tw');
  });
});

describe('a storage that is full', () => {
  it('loses nothing, says so, and goes on when there is room', async () => {
    const fill = await opened();
    desk.full = true;
    fill.type('/d/a', 'kept', 'kept');
    await vi.advanceTimersByTimeAsync(pause);
    expect(fill.queue.stuck).toMatchObject({ code: 'vault.disk-full' });
    fill.type('/d/a', 'kept, and more', 'kept, and more');
    fill.set('/d/b', 'yes');
    const turned = fill.turn(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(fill.text(on(fill, '/d/a'))).toBe('kept, and more');
    expect(desk.calls).not.toContain('turn');
    await expect(
      Promise.race([fill.flushed(100), vi.advanceTimersByTimeAsync(200).then(() => 'late')]),
    ).resolves.toBe(false);
    desk.full = false;
    await vi.advanceTimersByTimeAsync(20_000);
    await expect(turned).resolves.toBe(true);
    expect(desk.stored('/d/a')).toBe('kept, and more');
    expect(desk.stored('/d/b')).toBe('yes');
    expect(fill.queue.stuck).toBeUndefined();
    expect(desk.calls.at(-1)).toBe('turn');
  });
});

describe('an answer that is not taken', () => {
  it('stays on screen and is marked', async () => {
    const fill = await opened();
    desk.keepsNothing = true;
    fill.type('/d/a', '0 0 0 0', '0 0 0 0');
    fill.leave('/d/a');
    await vi.advanceTimersByTimeAsync(pause);
    expect(fill.typing.refused('/d/a')).toBe(true);
    expect(fill.text(on(fill, '/d/a'))).toBe('0 0 0 0');
  });

  it('lets the next answers through', async () => {
    const fill = await opened();
    desk.refuses = 'form.not-relevant';
    fill.set('/d/a', 'gone');
    await vi.advanceTimersByTimeAsync(0);
    desk.refuses = undefined;
    fill.set('/d/b', 'here');
    await vi.advanceTimersByTimeAsync(0);
    expect(fill.typing.refused('/d/a')).toBe(true);
    expect(desk.stored('/d/b')).toBe('here');
  });
});

describe('a form begun by a wrong touch', () => {
  it('leaves no draft when nothing was written in it', async () => {
    const fill = await opened();
    await fill.close();
    expect(desk.calls).toEqual(['close_form', 'discard']);
  });

  it('stays as a draft as soon as something was', async () => {
    const fill = await opened();
    fill.set('/d/a', 'yes');
    await fill.flush();
    await fill.close();
    expect(desk.calls).toEqual(['answer /d/a=yes', 'close_form']);
  });

  it('stays when it was opened, not begun', async () => {
    const fill = new FormFill({ open: 'r' }, 0);
    await fill.load();
    await fill.close();
    expect(desk.calls).not.toContain('discard');
  });
});

describe('a text that is no value yet', () => {
  it('is kept on screen and not sent', async () => {
    const fill = await opened();
    fill.type('/d/a', '31|2|', undefined);
    fill.leave('/d/a');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.calls).toEqual([]);
    expect(fill.text(on(fill, '/d/a'))).toBe('31|2|');
  });
});

describe('scripts and stop notices', () => {
  const script = (path: string): ItemView => ({
    item: 'script',
    path,
    text: 'Good day.',
    acknowledge: asked(`${path}_read`, { control: { control: 'acknowledge' } }),
  });

  it('open in order by themselves, then lead to the question that follows', async () => {
    desk.items = [script('/d/intro'), script('/d/limits'), asked('/d/consent')];
    const fill = await opened();
    expect(fill.reading).toBe('/d/intro');
    const first = fill.screen?.items[0];
    if (first?.item === 'script') fill.acknowledge(first);
    await vi.advanceTimersByTimeAsync(0);
    expect(fill.reading).toBe('/d/limits');
    const second = fill.screen?.items[1];
    if (second?.item === 'script') fill.acknowledge(second);
    await vi.advanceTimersByTimeAsync(0);
    expect(fill.reading).toBeUndefined();
    expect(fill.arrival.path).toBe('/d/consent');
  });

  it('do not open again after the person went back', async () => {
    desk.items = [script('/d/intro'), asked('/d/consent')];
    const fill = await opened();
    fill.closeReading();
    fill.set('/d/consent', 'yes');
    await vi.advanceTimersByTimeAsync(0);
    expect(fill.reading).toBeUndefined();
  });

  it('stop when a stop notice comes, once, and lead back to the answer', async () => {
    const fill = await opened();
    desk.items = [...desk.items, { item: 'stop', path: '/d/stop', text: 'Stop here.' }];
    fill.set('/d/b', 'no');
    await vi.advanceTimersByTimeAsync(0);
    expect(fill.stopped).toBe('/d/stop');
    fill.backToAnswer();
    expect(fill.arrival.path).toBe('/d/b');
    fill.set('/d/a', 'more');
    await vi.advanceTimersByTimeAsync(0);
    expect(fill.stopped).toBeUndefined();
  });
});
