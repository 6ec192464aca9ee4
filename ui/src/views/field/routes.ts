import type { Routes } from '$lib/app/views';

export const routes: Routes = {
  'field.today': () => import('./Today.svelte'),
  'field.forms': () => import('./Forms.svelte'),
  'field.records': () => import('./Records.svelte'),
  'field.record': () => import('./Record.svelte'),
  'field.conflict': () => import('./Conflict.svelte'),
  'field.handover': () => import('./Handover.svelte'),
  'field.device': () => import('./Device.svelte'),
};
