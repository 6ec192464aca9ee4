import { describe, expect, it } from 'vitest';
import { likely } from './likely';

describe('a likely name or number', () => {
  it.each([
    ['Mama Neema’s son says', 'Mama Neema', 'woman'],
    ['they saw Mr. Joseph Kabila there', 'Mr. Joseph Kabila', 'man'],
    ['Mme Furaha a dit', 'Mme Furaha', 'woman'],
    ['Bwana Juma alisema', 'Bwana Juma', 'man'],
    ['Bi Asha aliona', 'Bi Asha', 'woman'],
    ['قال السيد أحمد إن الطريق مغلق', 'السيد أحمد', 'man'],
    ['Dr Salma came', 'Dr Salma', 'person'],
  ])('is seen in "%s"', (text, words, who) => {
    expect(likely(text)).toEqual({ kind: 'name', words, who });
  });

  it.each([
    ['call 0991234567 at night', '0991234567'],
    ['+243 99 123 45 67', '+243 99 123 45 67'],
    ['اتصل ٠٩٩١٢٣٤٥٦٧', '٠٩٩١٢٣٤٥٦٧'],
  ])('a number is seen in "%s"', (text, words) => {
    expect(likely(text)).toEqual({ kind: 'number', words, who: 'person' });
  });

  it.each([
    'We go for wood in the middle of the day now, in tens.',
    'the mister who came',
    'On 2026-11-20 they came back',
    '1 000 000 people',
    '14 women and 20 men',
    '',
  ])('is not seen in "%s"', (text) => {
    expect(likely(text)).toBeUndefined();
  });
});
