/** A form's table: which rows, which columns, which page. Every change asks again; only the newest answer is shown. */
import { facets, table, tables } from '$lib/ipc/commands';
import type { Facet, TableColumnView, TableForm, TableQueryView, TableView } from '$lib/ipc/types';

export type Needs = '' | 'two-answers' | 'review';

export interface TableStart {
  form?: string;
  needs?: string;
  /** A record to open at once. */
  record?: string;
  since?: string;
  until?: string;
}

export const PAGE = 50;

/** At most so many columns when a form names no main ones. */
const FEW = 8;

export function emptyQuery(form: string): TableQueryView {
  return {
    form,
    repeat: '',
    filters: [],
    since: '',
    until: '',
    needs: '',
    words: '',
    drafts: false,
    offset: 0,
    limit: PAGE,
  };
}

export class TableDesk {
  forms = $state.raw<readonly TableForm[] | undefined>(undefined);
  view = $state.raw<TableView | undefined>(undefined);
  query = $state.raw<TableQueryView>(emptyQuery(''));
  problem = $state.raw<unknown>(undefined);
  /** An answer is on its way; what stands is shown until it comes. */
  asking = $state(false);
  /** Rows that fit `needs`, by form, while the person goes through what is to decide. */
  needed = $state.raw<Record<string, number>>({});
  /** Columns that the person chose, by form and repeat. */
  #chosen = $state.raw<Record<string, readonly string[]>>({});
  #labels = $state.raw<Record<string, string>>({});
  #asked = 0;

  async start(start: TableStart = {}): Promise<void> {
    try {
      this.forms = await tables();
    } catch (problem) {
      this.problem = problem;
      return;
    }
    const needs = start.needs === 'two-answers' || start.needs === 'review' ? start.needs : '';
    const first = this.forms.find((form) => form.id === start.form) ?? (await this.#firstFor(needs));
    if (!first) return;
    const { since = '', until = '' } = start;
    // What is to decide is counted in unfinished records too.
    await this.ask({ ...emptyQuery(first.id), needs, since, until, drafts: needs !== '' });
  }

  get form(): TableForm | undefined {
    return this.view?.form ?? this.forms?.find((form) => form.id === this.query.form);
  }

  get filtered(): boolean {
    const { filters, since, until, needs, words, drafts } = this.query;
    return filters.length > 0 || drafts || [since, until, needs, words].some((part) => part !== '');
  }

  /** The columns on screen, with their place in each row. */
  get shown(): { column: TableColumnView; index: number }[] {
    const all = (this.view?.columns ?? []).map((column, index) => ({ column, index }));
    const chosen = this.#chosen[this.#key];
    if (chosen) return all.filter(({ column }) => chosen.includes(column.column));
    const main = all.filter(({ column }) => column.main);
    if (main.length === 0) return all.slice(0, FEW);
    // The day of the record stands before every row already.
    const day = this.query.repeat === '' ? main.findIndex(({ column }) => column.kind === 'date') : -1;
    const usual = main.filter((_, place) => place !== day);
    if (this.query.needs !== 'two-answers') return usual;
    // Whoever goes through two answers sees where they stand.
    const contested = new Set(this.view?.rows.flatMap((row) => row.contested));
    return all.filter((one) => usual.includes(one) || contested.has(one.column.column));
  }

  get filterable(): TableColumnView[] {
    return (this.view?.columns ?? []).filter((column) => column.filterable);
  }

  async ask(query: TableQueryView): Promise<void> {
    const mine = ++this.#asked;
    this.query = query;
    this.asking = true;
    this.problem = undefined;
    try {
      const view = await table(query);
      if (mine === this.#asked) this.view = view;
    } catch (problem) {
      if (mine === this.#asked) this.problem = problem;
    } finally {
      if (mine === this.#asked) this.asking = false;
    }
  }

  again = () => this.ask(this.query);

  pickForm(form: string): Promise<void> {
    const { needs, drafts } = this.query;
    return this.ask({ ...emptyQuery(form), needs, drafts: needs !== '' && drafts });
  }

  pickRepeat(repeat: string): Promise<void> {
    // A column of one table is no column of another.
    return this.#narrow({ repeat, filters: [] });
  }

  valuesOf(column: string): readonly string[] {
    return this.query.filters.find((filter) => filter.column === column)?.values ?? [];
  }

  setFilter(column: string, values: readonly string[]): Promise<void> {
    const others = this.query.filters.filter((filter) => filter.column !== column);
    const filters = values.length > 0 ? [...others, { column, values: [...values] }] : others;
    return this.#narrow({ filters });
  }

  setDays(since: string, until: string): Promise<void> {
    return this.#narrow({ since, until });
  }

  setNeeds(needs: string): Promise<void> {
    this.needed = {};
    return this.#narrow({ needs });
  }

  setDrafts(drafts: boolean): Promise<void> {
    return this.#narrow({ drafts });
  }

  setWords(words: string): Promise<void> {
    return words.trim() === this.query.words ? Promise.resolve() : this.#narrow({ words: words.trim() });
  }

  clear(): Promise<void> {
    const { form, repeat } = this.query;
    this.needed = {};
    return this.ask({ ...emptyQuery(form), repeat });
  }

  turn(pages: number): Promise<void> {
    const offset = Math.max(0, this.query.offset + pages * this.query.limit);
    return this.ask({ ...this.query, offset });
  }

  choose(columns: readonly string[] | undefined): void {
    const chosen = { ...this.#chosen };
    if (columns) chosen[this.#key] = columns;
    else delete chosen[this.#key];
    this.#chosen = chosen;
  }

  /** Values of a column. Their labels are remembered for the chips. */
  async facetsOf(column: string): Promise<readonly Facet[]> {
    const values = await facets(this.query.form, column);
    const labels = values.map(({ value, label }) => [`${column}=${value}`, label] as const);
    this.#labels = { ...this.#labels, ...Object.fromEntries(labels) };
    return values;
  }

  labelOf(column: string, value: string): string {
    return this.#labels[`${column}=${value}`] ?? value;
  }

  get #key(): string {
    return `${this.query.form}|${this.query.repeat}`;
  }

  #narrow(part: Partial<TableQueryView>): Promise<void> {
    return this.ask({ ...this.query, ...part, offset: 0 });
  }

  /** The first form; with something to decide, the first that has some. */
  async #firstFor(needs: Needs): Promise<TableForm | undefined> {
    const forms = this.forms ?? [];
    if (needs === '') return forms.find((form) => form.records > 0) ?? forms[0];
    const counts = await Promise.all(
      forms.map((form) =>
        table({ ...emptyQuery(form.id), needs, drafts: true, limit: 1 }).then(
          (page) => page.matching,
          () => 0,
        ),
      ),
    );
    this.needed = Object.fromEntries(forms.map((form, index) => [form.id, counts[index] ?? 0]));
    return forms.find((form) => (this.needed[form.id] ?? 0) > 0) ?? forms[0];
  }
}
