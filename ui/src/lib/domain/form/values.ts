/** From what is typed to what is stored: numbers and several choices. Local figures become ASCII figures. */
import { asciiFigures } from '$lib/shared/figures';

/** What a control shows, and the value in it; no value while it is not one yet. */
export interface Reading {
  text: string;
  value: string | undefined;
  /** Why it is no value: a number greater than the form can hold. */
  why?: 'large';
}

const least = -(2 ** 31);
const greatest = 2 ** 31 - 1;

/** Only figures stay, and a minus in front. Blank is no answer, never zero. */
export function readWhole(typed: string): Reading {
  const figures = asciiFigures(typed).replace(/[\u2212\u2013]/g, '-');
  const minus = /^\D*-/.test(figures) ? '-' : '';
  const text = minus + figures.replace(/\D/g, '');
  if (text === '') return { text, value: '' };
  if (text === '-') return { text, value: undefined };
  const number = Number(text);
  if (number < least || number > greatest) return { text, value: undefined, why: 'large' };
  return { text, value: String(number) };
}

/** A comma is a point too: `3,5` is what people write in French. */
export function readDecimal(typed: string): Reading {
  const figures = asciiFigures(typed)
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/[,\u066b]/g, '.');
  const minus = /^[^\d.]*-/.test(figures) ? '-' : '';
  const [whole = '', ...rest] = figures.replace(/[^\d.]/g, '').split('.');
  const text = minus + whole + (rest.length > 0 ? `.${rest.join('')}` : '');
  if (text === '') return { text, value: '' };
  if (!/\d/.test(text)) return { text, value: undefined };
  const value = text.replace(/\.$/, '').replace(/^(-?)\./, '$10.');
  return { text, value };
}

interface Choosable {
  value: string;
  exclusive: boolean;
}

export function chosen(stored: string): string[] {
  return stored.split(' ').filter((value) => value !== '');
}

/** Several choices after one of them was touched, in the order of the list; an exclusive one stands alone. */
export function withChoice(
  stored: string,
  choices: readonly Choosable[],
  value: string,
  on: boolean,
): string {
  const touched = choices.find((choice) => choice.value === value);
  let values = chosen(stored).filter((one) => one !== value);
  if (on) {
    if (touched?.exclusive) values = [];
    else values = values.filter((one) => !choices.find((choice) => choice.value === one)?.exclusive);
    values.push(value);
  }
  const place = new Map(choices.map((choice, index) => [choice.value, index]));
  return values.sort((a, b) => (place.get(a) ?? Infinity) - (place.get(b) ?? Infinity)).join(' ');
}

/** The order after one choice was moved by a number of places. */
export function moved(order: readonly string[], value: string, by: number): string[] {
  const from = order.indexOf(value);
  const to = Math.max(0, Math.min(order.length - 1, from + by));
  if (from < 0 || from === to) return [...order];
  const rest = order.filter((one) => one !== value);
  rest.splice(to, 0, value);
  return rest;
}
