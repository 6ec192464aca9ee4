/**
 * Where the person is: a name such as `field.today`, its parameters, and a way back. In memory only; an address would
 * outlive the lock. Views are found by name, see `views.ts`.
 */
export type Params = Readonly<Record<string, string>>;

export interface Route {
  name: string;
  params: Params;
}

class Router {
  #stack = $state.raw<readonly Route[]>([]);

  get current(): Route | undefined {
    return this.#stack.at(-1);
  }

  get canGoBack(): boolean {
    return this.#stack.length > 1;
  }

  /** Goes on to a screen; back leads here. */
  go(name: string, params: Params = {}): void {
    this.#stack = [...this.#stack, { name, params }];
    this.#arrive();
  }

  /** Takes the place of this screen; back leads where it led before. */
  replace(name: string, params: Params = {}): void {
    this.#stack = [...this.#stack.slice(0, -1), { name, params }];
    this.#arrive();
  }

  /** Starts again from one screen: after unlocking, after locking, from the main menu. */
  reset(name: string, params: Params = {}): void {
    this.#stack = [{ name, params }];
    this.#arrive();
  }

  /** To the screen before, or to `otherwise` when there is none. */
  back(otherwise?: string): void {
    if (this.canGoBack) this.#stack = this.#stack.slice(0, -1);
    else if (otherwise) this.#stack = [{ name: otherwise, params: {} }];
    this.#arrive();
  }

  /** Each screen begins at its top; the app then moves focus to its heading. */
  #arrive(): void {
    if (typeof document !== 'undefined') requestAnimationFrame(() => globalThis.scrollTo?.(0, 0));
  }
}

export const router = new Router();
