/** Walking what is on a part: questions, also those of the open entry and under scripts. */
import type { EntriesView, ItemView, QuestionView } from '$lib/ipc/types';

export type ScriptItem = Extract<ItemView, { item: 'script' }>;
export type StopItem = Extract<ItemView, { item: 'stop' }>;
export type QuestionItem = { item: 'question' } & QuestionView;

/** Every item in order, entries' own items after the entries that hold them. */
export function* walk(items: readonly ItemView[]): Generator<ItemView> {
  for (const item of items) {
    yield item;
    if (item.item === 'entries') for (const entry of item.entries) yield* walk(entry.items);
  }
}

export function questions(items: readonly ItemView[]): QuestionView[] {
  const found: QuestionView[] = [];
  for (const item of walk(items)) {
    if (item.item === 'question') found.push(item);
    else if (item.item === 'script' && item.acknowledge) found.push(item.acknowledge);
  }
  return found;
}

export function question(items: readonly ItemView[], path: string): QuestionView | undefined {
  return questions(items).find((one) => one.path === path);
}

export function stops(items: readonly ItemView[]): StopItem[] {
  return [...walk(items)].filter((item) => item.item === 'stop');
}

export function scripts(items: readonly ItemView[]): ScriptItem[] {
  return [...walk(items)].filter((item) => item.item === 'script');
}

/** The entry that an item stands in; nothing when it stands on the part itself. */
export function entryOf(items: readonly ItemView[], path: string): EntriesView | undefined {
  for (const item of walk(items)) {
    if (item.item !== 'entries') continue;
    if (
      item.entries.some((entry) =>
        [...walk(entry.items)].some((inner) => 'path' in inner && inner.path === path),
      )
    )
      return item;
  }
  return undefined;
}

/** The script to open by itself: the first thing on the part that has no answer yet, when that is a script. */
export function firstUnread(items: readonly ItemView[]): ScriptItem | undefined {
  for (const item of items) {
    if (item.item === 'script' && item.acknowledge && item.acknowledge.value === '') return item;
    if (item.item === 'question' && item.value === '' && !item.readonly) return undefined;
    if (item.item === 'entries') return undefined;
  }
  return undefined;
}
