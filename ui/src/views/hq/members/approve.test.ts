/** Amina approves a tablet: on screen there is no approve button until she has said that the words are the same. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useTransport } from '$lib/ipc/call';
import ApproveSheet from './ApproveSheet.svelte';

const asked = {
  alias: 'Ibis',
  role: 'interpreter',
  team: 'Reed',
  words: ['lantern', 'seven', 'clay'],
  expires: Date.now(),
};

const button = (name: string) =>
  [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === name);

async function settled() {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  flushSync();
}

async function press(name: string) {
  button(name)?.click();
  await settled();
}

let shown: ReturnType<typeof mount> | undefined;

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
  useTransport(undefined);
});

async function open() {
  const calls: string[] = [];
  useTransport(async (name) => {
    calls.push(name);
    if (name === 'examine') return asked;
    if (name === 'approve') {
      return { kind: 'approval', text: 'APPROVAL', qr: null, file_name: 'approval.txt', words: [] };
    }
    return [];
  });
  shown = mount(ApproveSheet, { target: document.body, props: { onclose: vi.fn() } });
  await settled();
  const text = document.querySelector('textarea') as HTMLTextAreaElement;
  text.value = 'REQUEST';
  text.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  await press('Read the request');
  return calls;
}

describe('approving a request', () => {
  it('shows the words large, and only comparing leads on', async () => {
    const calls = await open();
    expect(document.querySelector('.words')?.textContent).toContain('lantern');
    expect(button('Approve Ibis')).toBeUndefined();
    await press('The words are the same');
    await press('Approve Ibis');
    expect(calls).toContain('approve');
    expect(document.body.textContent).toContain('Ibis is approved');
  });

  it('ends when the words differ', async () => {
    const calls = await open();
    await press('The words differ');
    expect(document.body.textContent).toContain('Do not approve it.');
    expect(button('Approve Ibis')).toBeUndefined();
    expect(calls).not.toContain('approve');
  });
});
