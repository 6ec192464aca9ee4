/** Filling a form: `{ begin: FORM }`, `{ open: RECORD }` or `{ amend: RECORD, reason: TEXT }`. */
export const routes = { 'form.fill': () => import('./FillForm.svelte') };
