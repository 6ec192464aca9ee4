import { currentLanguage, dirOf } from '$lib/i18n/index.svelte';

/** Words in a row, with the comma of the script that the screen is written in. */
export function joined(words: readonly (string | false | undefined)[]): string {
  return words.filter(Boolean).join(dirOf(currentLanguage()) === 'rtl' ? '، ' : ', ');
}
