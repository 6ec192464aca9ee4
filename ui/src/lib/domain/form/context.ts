/** The open form for every component below the view. */
import { getContext, setContext } from 'svelte';
import type { FormFill } from './form.svelte';
import type { Pictures } from './pictures.svelte';

interface Held {
  fill: FormFill;
  pictures: Pictures;
}

const key = Symbol('form');

export function holdForm(held: Held): Held {
  return setContext(key, held);
}

export function useForm(): FormFill {
  return getContext<Held>(key).fill;
}

export function usePictures(): Pictures {
  return getContext<Held>(key).pictures;
}
