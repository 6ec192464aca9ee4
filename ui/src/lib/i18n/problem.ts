/** Problems as sentences: what happened, what is safe, what to do. */
import { t, tMaybe, type Facts } from './index.svelte';

/** What a refused call carries. */
export interface Problem {
  code: string;
  facts?: Record<string, unknown>;
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && typeof (value as Problem).code === 'string';
}

function plain(facts: Record<string, unknown> = {}): Facts {
  const out: Facts = {};
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'string' || typeof value === 'number') out[name] = value;
  }
  return out;
}

/** The sentence of a problem. An unknown code is named, so that it can be told to someone. */
export function problemText(problem: unknown): string {
  if (!isProblem(problem)) return t('problem.unknown', { code: 'ui' });
  return (
    tMaybe(`problem.${problem.code}`, plain(problem.facts)) ?? t('problem.unknown', { code: problem.code })
  );
}
