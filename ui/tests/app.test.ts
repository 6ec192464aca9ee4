/** Locking: what is being saved comes first, a touch puts it off, and a desk that was found locked shows the lock. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { app, homeOf } from '$lib/app/app.svelte';
import { router } from '$lib/app/router.svelte';
import { problemText } from '$lib/i18n/problem';
import { useTransport } from '$lib/ipc/call';
import type { DeskView } from '$lib/ipc/types';

const desk = (over: Partial<DeskView> = {}): DeskView => ({
  stage: 'open',
  face: 'field',
  alias: 'Reed',
  workspace: 'Three Stones',
  role: 'interpreter',
  team: null,
  officer: false,
  settings: { language: 'en', theme: 'day', lock_after_minutes: 2 },
  demo: [],
  now: 0,
  zone_minutes: 0,
  version: '0',
  ...over,
});
const locked = desk({ stage: 'locked', face: null, alias: null, workspace: null, role: null });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  useTransport(undefined);
});

describe('the first screen', () => {
  it('follows from where the device stands', () => {
    expect(homeOf({ stage: 'empty', face: null })).toBe('entry.welcome');
    expect(homeOf({ stage: 'locked', face: null })).toBe('entry.unlock');
    expect(homeOf({ stage: 'waiting', face: null })).toBe('entry.waiting');
    expect(homeOf({ stage: 'open', face: 'field' })).toBe('field.today');
    expect(homeOf({ stage: 'open', face: 'headquarters' })).toBe('hq.inbox');
  });
});

describe('locking', () => {
  it('waits for what is being saved, also when a save is refused', async () => {
    const said: string[] = [];
    useTransport(async (name) => {
      said.push(name);
      return locked;
    });
    app.take(desk());
    const undo = app.beforeLock(async () => void said.push('saved'));
    const undoOther = app.beforeLock(() => Promise.reject(new Error('full')));
    await app.lock();
    expect(said).toEqual(['saved', 'lock']);
    expect(router.current?.name).toBe('entry.unlock');
    undo();
    undoOther();
    app.take(desk());
    await app.lock();
    expect(said).toEqual(['saved', 'lock', 'lock']);
  });

  it('comes by itself after so many minutes without a touch', async () => {
    const said: string[] = [];
    useTransport(async (name) => {
      said.push(name);
      return locked;
    });
    app.take(desk());
    await vi.advanceTimersByTimeAsync(100_000);
    app.touched();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(said).toEqual(['lock']);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(said).toEqual(['lock']);
  });

  it('never comes by itself when the person said so', async () => {
    const said: string[] = [];
    useTransport(async (name) => {
      said.push(name);
      return locked;
    });
    app.take(desk({ settings: { language: 'en', theme: 'day', lock_after_minutes: 0 } }));
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(said).toEqual([]);
  });
});

describe('words of the core in a sentence', () => {
  it('are read in the language of the screen', () => {
    const problem = { code: 'enrol.wrong-kind', facts: { given: 'request', wanted: 'invitation' } };
    expect(problemText(problem)).toBe('This is a request. Here an invitation is needed.');
  });
});
