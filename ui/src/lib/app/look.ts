/** How the page looks, written on the root element; nothing is stored by the webview. */
import { dirOf, scriptOf } from '$lib/i18n/script';

export const themes = ['day', 'night', 'sun'] as const;
export type Theme = (typeof themes)[number];

export function isTheme(value: unknown): value is Theme {
  return (themes as readonly unknown[]).includes(value);
}

export function wear(theme: Theme, language: string, root: HTMLElement = document.documentElement): void {
  root.dataset.theme = theme;
  root.lang = language;
  root.dir = dirOf(language);
  root.dataset.script = scriptOf(language);
}
