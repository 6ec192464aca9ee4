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
    // Some facts are words of the core, such as the kind of a paper: people read them in their language.
    if (typeof value === 'string') out[name] = tMaybe(`problem.words.${value}`) ?? value;
    else if (typeof value === 'number') out[name] = value;
  }
  return out;
}

/** The sentence of a problem: its own, else its area's (`vault.any`), else one that names the code to be told on. */
export function problemText(problem: unknown): string {
  if (!isProblem(problem)) return t('problem.unknown', { code: 'ui' });
  const facts = { ...plain(problem.facts), code: problem.code };
  const area = problem.code.split('.')[0] ?? '';
  return (
    tMaybe(`problem.${problem.code}`, facts) ??
    tMaybe(`problem.${area}.any`, facts) ??
    t('problem.unknown', facts)
  );
}
