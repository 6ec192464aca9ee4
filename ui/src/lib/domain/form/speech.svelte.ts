/**
 * Reading aloud by the tablet's own voices. A voice that would send words away is not used, and where there is none
 * for a language nothing is offered.
 */
class Speech {
  /** What is being read, by the key that asked for it. */
  reading = $state<string | undefined>(undefined);
  #voices = $state.raw<readonly SpeechSynthesisVoice[]>([]);
  readonly #machine = globalThis.speechSynthesis as SpeechSynthesis | undefined;

  constructor() {
    const look = () =>
      (this.#voices = this.#machine?.getVoices().filter((voice) => voice.localService) ?? []);
    look();
    this.#machine?.addEventListener?.('voiceschanged', look);
  }

  #voice(language: string): SpeechSynthesisVoice | undefined {
    const wanted = language.toLowerCase().split('-')[0];
    return this.#voices.find((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === wanted);
  }

  /** Whether this tablet can read a language aloud by itself. */
  can(language: string): boolean {
    return this.#voice(language) !== undefined;
  }

  say(key: string, text: string, language: string): void {
    const voice = this.#voice(language);
    if (!this.#machine || !voice) return;
    this.stop();
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.9;
    words.onend = words.onerror = () => this.reading === key && (this.reading = undefined);
    this.reading = key;
    this.#machine.speak(words);
  }

  stop(): void {
    this.reading = undefined;
    this.#machine?.cancel();
  }
}

export const speech = new Speech();
