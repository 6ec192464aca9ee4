/**
 * Day, night or sun, and the language of the screen. Values come from the desk's settings and are saved there; the
 * webview keeps nothing. Until the desk has answered, the page is in the day theme and in English.
 */
import { currentLanguage, isLanguage, setLanguage, type Language } from '$lib/i18n/index.svelte';
import { isTheme, wear, type Theme } from './look';

export interface LookSettings {
  theme: Theme;
  language: Language;
}

/** Saves a change. The app gives one that calls the desk; the kit gives none. */
export type SaveLook = (settings: LookSettings) => Promise<unknown>;

class Look {
  theme = $state<Theme>('day');
  /** What saving last threw; the choice still holds until the app closes. */
  problem = $state.raw<unknown>(undefined);
  #save: SaveLook | undefined;

  get language(): Language {
    return currentLanguage();
  }

  /** Takes what is stored, without saving it again. Unknown values leave things as they are. */
  async start(stored: { theme?: string; language?: string }, save?: SaveLook): Promise<void> {
    this.#save = save;
    if (isTheme(stored.theme)) this.theme = stored.theme;
    if (stored.language && isLanguage(stored.language)) await setLanguage(stored.language);
    wear(this.theme, this.language);
  }

  async setTheme(theme: Theme): Promise<void> {
    this.theme = theme;
    wear(this.theme, this.language);
    await this.#keep();
  }

  async setLanguage(language: Language): Promise<void> {
    await setLanguage(language);
    wear(this.theme, this.language);
    await this.#keep();
  }

  async #keep(): Promise<void> {
    this.problem = undefined;
    try {
      await this.#save?.({ theme: this.theme, language: this.language });
    } catch (problem) {
      this.problem = problem;
    }
  }
}

export const look = new Look();
