import type { Routes } from '$lib/app/views';

export const routes: Routes = {
  'entry.welcome': () => import('./Welcome.svelte'),
  'entry.unlock': () => import('./Unlock.svelte'),
  'entry.join': () => import('./Join.svelte'),
  'entry.found': () => import('./Found.svelte'),
  'entry.waiting': () => import('./Waiting.svelte'),
};
