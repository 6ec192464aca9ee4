/**
 * Carries one call to the desk and brings back its answer. In the window this is Tauri's channel; in a browser it is
 * the bridge that `baraza bridge` serves on this machine. Nothing above this file knows which.
 */
import { invoke } from '@tauri-apps/api/core';
import type { Problem } from '$lib/i18n/problem';

export type { Problem } from '$lib/i18n/problem';

/** Thrown by every call that is refused: a stable code and its facts, never a sentence. */
export class CallProblem extends Error implements Problem {
  readonly code: string;
  readonly facts: Record<string, unknown>;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = 'CallProblem';
    this.code = problem.code;
    this.facts = problem.facts ?? {};
  }
}

export type Transport = (name: string, args: unknown) => Promise<unknown>;

const inWindow = () => '__TAURI_INTERNALS__' in globalThis;

const window_: Transport = (name, args) => invoke('call', { name, args });

/** The bridge's token arrives once, in the fragment (`#token=…`) or in a meta element, and stays in memory. */
let token: string | undefined;

function bridgeToken(): string {
  token ??=
    new URLSearchParams(location.hash.slice(1)).get('token') ??
    document.querySelector<HTMLMetaElement>('meta[name="bridge-token"]')?.content ??
    '';
  return token;
}

const bridge: Transport = async (name, args) => {
  let response: Response;
  try {
    response = await fetch(`/ipc/${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bridge-token': bridgeToken() },
      body: JSON.stringify(args),
    });
  } catch {
    throw { code: 'bridge.unreachable' } satisfies Problem;
  }
  const body: unknown = await response.json().catch(() => ({ code: 'bridge.unreadable' }));
  if (!response.ok) throw body;
  return body;
};

let transport: Transport | undefined;

/** For tests and the kit: answers calls without a desk. */
export function useTransport(other: Transport | undefined): void {
  transport = other;
}

let lockedHook: (() => void) | undefined;

/** Runs when a call finds the desk locked, so that the app can show the lock wherever it was noticed. */
export function whenLocked(then: () => void): void {
  lockedHook = then;
}

function asProblem(thrown: unknown): Problem {
  let value = thrown;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value);
    } catch {
      return { code: 'bridge.unreadable' };
    }
  }
  if (typeof value === 'object' && value !== null && typeof (value as Problem).code === 'string') {
    return value as Problem;
  }
  return { code: 'bridge.unreadable' };
}

/** One command. Rejects with a {@link CallProblem} and nothing else. */
export async function call<Answer>(name: string, args: unknown = {}): Promise<Answer> {
  const carry = transport ?? (inWindow() ? window_ : bridge);
  try {
    return (await carry(name, args)) as Answer;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code === 'desk.locked') lockedHook?.();
    throw new CallProblem(problem);
  }
}
