/** Pictures of choices, asked for once and kept while the form is open. Never more than a picture: no script runs. */
import { SvelteMap } from 'svelte/reactivity';
import { media } from '$lib/ipc/commands';

export interface Picture {
  address: string;
  /** A line drawing takes the colour of the words beside it. */
  drawn: boolean;
}

export class Pictures {
  #have = new SvelteMap<string, Picture | undefined>();
  #asked = new Set<string>();

  /** The picture, or nothing until it is there; nothing for good when the form has none of that name. */
  get(name: string): Picture | undefined {
    if (!this.#asked.has(name)) {
      this.#asked.add(name);
      media(name).then(
        ({ mime, data }) => {
          if (!/^image\/[\w.+-]+$/.test(mime) || !/^[\w+/=]*$/.test(data)) return;
          this.#have.set(name, { address: `data:${mime};base64,${data}`, drawn: mime === 'image/svg+xml' });
        },
        () => this.#asked.delete(name),
      );
    }
    return this.#have.get(name);
  }
}
