/** One record to read: its answers under the parts of its form, and what can be done with it. */
import { record } from '$lib/ipc/commands';
import type { AnswerLine, RecordSheet } from '$lib/ipc/types';
import { clock, day } from '$lib/i18n/index.svelte';
import { Loaded } from './loaded.svelte';

export interface Part {
  title: string | null;
  lines: AnswerLine[];
}

/** Answers in their order, under their part. */
export function parts(answers: readonly AnswerLine[]): Part[] {
  const found: Part[] = [];
  for (const line of answers) {
    const last = found.at(-1);
    if (last && last.title === line.part) last.lines.push(line);
    else found.push({ title: line.part, lines: [line] });
  }
  return found;
}

/** An answer as people read it: days and times in their words, everything else as the core wrote it. */
export function readable(kind: string, text: string): string {
  if (text === '') return '';
  if (kind === 'date') return day(text.slice(0, 10)) || text;
  if (kind === 'dateTime') return day(text) ? `${day(text)}, ${clock(text)}` : text;
  if (kind === 'time') return text.slice(0, 5);
  return text;
}

/** The same where the kind of the answer is not said, as in the history. */
export function readableGuess(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return readable('dateTime', text);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? readable('date', text) : text;
}

export class OneRecord extends Loaded<RecordSheet> {
  constructor(id: string) {
    super(() => record(id));
  }
}
