/** What the shared components promise to people who use keys, three taps or local figures. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, useTransport, whenLocked } from '$lib/ipc/call';
import { homeOf } from '$lib/app/app.svelte';
import { router } from '$lib/app/router.svelte';
import { wear } from '$lib/app/look';
import { asciiFigures, FileButton, Hold, ProblemNotice, Stepper } from '$lib/shared';

let shown: Record<string, unknown> | undefined;
const show: typeof mount = (component, options) => {
  const one = mount(component, options);
  shown = one as Record<string, unknown>;
  flushSync();
  return one;
};
afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
  document.body.replaceChildren();
  useTransport(undefined);
});
const press = (element: Element | null | undefined) => {
  (element as HTMLElement).click();
  flushSync();
};

describe('Hold', () => {
  it('does nothing on one tap, and confirms on three when tapping was chosen', () => {
    const confirmed = vi.fn();
    show(Hold, { target: document.body, props: { label: 'Hold to erase', onconfirm: confirmed } });
    const hold = document.querySelector('.hold');
    press(hold);
    expect(confirmed).not.toHaveBeenCalled();
    press(document.querySelector('.link'));
    press(hold);
    press(hold);
    expect(confirmed).not.toHaveBeenCalled();
    expect(hold?.textContent).toContain('1 tap more');
    press(hold);
    expect(confirmed).toHaveBeenCalledOnce();
  });

  it('confirms after it was held, and not when let go before', () => {
    vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'performance'] });
    try {
      const confirmed = vi.fn();
      show(Hold, { target: document.body, props: { label: 'Hold', onconfirm: confirmed } });
      const hold = document.querySelector('.hold') as HTMLElement;
      const send = (name: string) => hold.dispatchEvent(new Event(name, { bubbles: true }));
      send('pointerdown');
      vi.advanceTimersByTime(2900);
      send('pointerup');
      vi.advanceTimersByTime(4000);
      expect(confirmed).not.toHaveBeenCalled();
      send('pointerdown');
      vi.advanceTimersByTime(3100);
      expect(confirmed).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('Stepper', () => {
  it('takes local figures and never turns nothing into zero', () => {
    const values: string[] = [];
    show(Stepper, {
      target: document.body,
      props: { label: 'Women', value: '', onvalue: (value: string) => values.push(value) },
    });
    const input = document.querySelector('input') as HTMLInputElement;
    input.value = '١٢';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.value = '';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    expect(values).toEqual(['12', '']);
    expect(asciiFigures('۴۵٫۶')).toBe('45.6');
  });
});

describe('FileButton', () => {
  it('gives bytes and names', async () => {
    const picked = vi.fn();
    show(FileButton, { target: document.body, props: { label: 'Card', onfiles: picked } });
    const input = document.querySelector('input') as HTMLInputElement;
    const file = new File([new Uint8Array([1, 2])], 'card-7.bundle');
    file.arrayBuffer ??= () => Promise.resolve(new Uint8Array([1, 2]).buffer);
    Object.defineProperty(input, 'files', { value: [file] });
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await vi.waitFor(() => expect(picked).toHaveBeenCalledOnce());
    expect(picked.mock.calls[0]?.[0][0].name).toBe('card-7.bundle');
    expect([...picked.mock.calls[0]![0][0].bytes]).toEqual([1, 2]);
  });
});

describe('ProblemNotice', () => {
  it('is read out at once and shows nothing without a problem', () => {
    show(ProblemNotice, { target: document.body, props: { problem: { code: 'vault.wrong-passphrase' } } });
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('That did not open');
  });
});

describe('a call', () => {
  it('rejects with a code and facts, whatever was thrown', async () => {
    useTransport(() => Promise.reject({ code: 'record.unready', facts: { missing: '2' } }));
    await expect(call('finish')).rejects.toMatchObject({ code: 'record.unready', facts: { missing: '2' } });
    useTransport(() => Promise.reject('{"code":"vault.locked"}'));
    await expect(call('today')).rejects.toMatchObject({ code: 'vault.locked', facts: {} });
    useTransport(() => Promise.reject(new TypeError('odd')));
    await expect(call('today')).rejects.toMatchObject({ code: 'bridge.unreadable' });
  });

  it('tells the app when the desk is locked', async () => {
    const locked = vi.fn();
    whenLocked(locked);
    useTransport(() => Promise.reject({ code: 'desk.locked', facts: {} }));
    await expect(call('today')).rejects.toMatchObject({ code: 'desk.locked' });
    expect(locked).toHaveBeenCalledOnce();
  });
});

describe('the app', () => {
  it('finds the first screen from where the device stands', () => {
    expect(homeOf({ stage: 'empty', face: null })).toBe('entry.welcome');
    expect(homeOf({ stage: 'locked', face: null })).toBe('entry.unlock');
    expect(homeOf({ stage: 'open', face: 'headquarters' })).toBe('hq.inbox');
  });

  it('goes back the way it came', () => {
    router.reset('field.today');
    router.go('field.records');
    router.go('field.record', { id: 'a' });
    router.back();
    expect(router.current?.name).toBe('field.records');
    router.reset('entry.unlock');
    expect(router.canGoBack).toBe(false);
  });

  it('turns the page round by the script', () => {
    const root = document.createElement('html');
    wear('sun', 'ar', root);
    expect([root.dir, root.dataset.theme, root.dataset.script]).toEqual(['rtl', 'sun', 'Arab']);
  });
});
