/** Headquarters: one frame, four screens. Which of them is shown follows from the route's name. */
import type { Routes } from '$lib/app/views';

const view = () => import('./HqView.svelte');

export const routes: Routes = {
  'hq.inbox': view,
  'hq.table': view,
  'hq.forms': view,
  'hq.members': view,
};
