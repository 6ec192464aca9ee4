/**
 * The screens by name. Each area lists its own in `views/<area>/routes.ts` as
 * `export const routes = { 'field.today': () => import('./Today.svelte') }`, so that nobody edits a common list and
 * a screen's code is loaded when it is first shown.
 */
import type { Component } from 'svelte';
import type { Params } from './router.svelte';

export type Screen = Component<{ params: Params }>;
export type ScreenLoader = () => Promise<{ default: Screen | Component }>;
export type Routes = Record<string, ScreenLoader>;

const areas = import.meta.glob<{ routes: Routes }>('../../views/*/routes.ts', { eager: true });

const all: Routes = Object.assign({}, ...Object.values(areas).map((area) => area.routes));

export function screenNames(): string[] {
  return Object.keys(all).sort();
}

export async function loadScreen(name: string): Promise<Screen | undefined> {
  const load = all[name];
  return load ? ((await load()).default as Screen) : undefined;
}
