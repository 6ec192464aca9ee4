import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallQueue } from './queue.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the queue', () => {
  it('carries calls in order, one at a time', async () => {
    const queue = new CallQueue();
    const seen: string[] = [];
    const slow = (name: string, milliseconds: number) => async () => {
      seen.push(`${name} begins`);
      await new Promise((done) => setTimeout(done, milliseconds));
      seen.push(`${name} ends`);
    };
    void queue.add(slow('first', 50));
    void queue.add(slow('second', 1));
    await vi.advanceTimersByTimeAsync(100);
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(queue.waiting).toBe(0);
  });

  it('keeps a call that the storage could not serve at the head until it is taken', async () => {
    const queue = new CallQueue();
    const seen: string[] = [];
    let full = true;
    const saved = queue.add(
      async () => {
        if (full) throw { code: 'vault.disk-full' };
        seen.push('answer');
      },
      () => true,
    );
    const turned = queue.add(async () => void seen.push('turn'));
    await settle();
    expect(queue.stuck).toEqual({ code: 'vault.disk-full' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen).toEqual([]);
    full = false;
    await vi.advanceTimersByTimeAsync(16_000);
    await Promise.all([saved, turned]);
    expect(seen).toEqual(['answer', 'turn']);
    expect(queue.stuck).toBeUndefined();
  });

  it('tries at once when the person asks', async () => {
    const queue = new CallQueue();
    let full = true;
    const saved = queue.add(
      async () => {
        if (full) throw { code: 'vault.disk-full' };
        return 'kept';
      },
      () => true,
    );
    await settle();
    full = false;
    queue.retry();
    await expect(saved).resolves.toBe('kept');
    await expect(queue.idle()).resolves.toBeUndefined();
  });

  it('lets the next call through when one is refused for good', async () => {
    const queue = new CallQueue();
    const refused = queue.add(async () => Promise.reject({ code: 'form.not-relevant' }));
    const next = queue.add(async () => 'next');
    await expect(refused).rejects.toEqual({ code: 'form.not-relevant' });
    await expect(next).resolves.toBe('next');
  });

  it('forgets what waits when it is cleared, also what runs', async () => {
    const queue = new CallQueue();
    const seen: string[] = [];
    void queue.add(() => new Promise<void>((done) => setTimeout(done, 20)));
    void queue.add(async () => void seen.push('never'));
    queue.clear();
    await vi.advanceTimersByTimeAsync(100);
    expect(seen).toEqual([]);
    expect(queue.waiting).toBe(0);
  });
});
