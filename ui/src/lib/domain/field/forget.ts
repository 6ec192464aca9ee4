/** What screens keep in memory between each other; it goes when the device locks or another one is shown. */
import { forgetRecords } from './records.svelte';
import { undo } from './undo.svelte';

export function forget(): void {
  forgetRecords();
  undo.clear();
}
