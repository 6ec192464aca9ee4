/** What every control is given. */
import type { QuestionView } from '$lib/ipc/types';

export interface ControlProps {
  question: QuestionView;
  /** Id of the question's words. */
  labelId: string;
  /** Ids of hint and problem. */
  about: string | undefined;
  bad: boolean;
}

/** Nothing of a text is offered again by the webview; severe text is not even looked up in a dictionary. */
export function discreet(severe: boolean) {
  return {
    autocomplete: 'off',
    autocorrect: severe ? 'off' : undefined,
    autocapitalize: severe ? 'off' : 'sentences',
    spellcheck: severe ? false : undefined,
  } as const;
}
