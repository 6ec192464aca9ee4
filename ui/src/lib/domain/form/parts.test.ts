import { describe, expect, it } from 'vitest';
import { paragraphs } from './paragraphs';
import { close, open, readPlaces, typedPlace, writePlaces } from './points';

describe('a script', () => {
  it('comes in pieces of one breath and loses no word', () => {
    const text =
      'Good day, and thank you for coming. We work with the mission. We would like to hear what makes people here feel safe or unsafe, and what would help. You may stay silent, or leave at any time. لا بأس؟ نعم.';
    const pieces = paragraphs(text);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join(' ')).toBe(text);
  });

  it('keeps the lines of its author', () => {
    expect(paragraphs('One.\n\nTwo.\nThree.')).toEqual(['One.', 'Two.', 'Three.']);
  });
});

describe('places on the ground', () => {
  it('are read and written as stored', () => {
    const stored = '-2.50312 28.86044 1500 5; -2.5 28.9 0 0';
    expect(writePlaces(readPlaces(stored))).toBe(stored);
    expect(readPlaces('')).toEqual([]);
  });

  it('close to a shape and open again', () => {
    const three = readPlaces('1 1 0 0; 2 2 0 0; 1 2 0 0');
    expect(close(three)).toHaveLength(4);
    expect(open(close(three))).toEqual(three);
  });

  it('can be typed, in local figures too, but only on the earth', () => {
    expect(typedPlace('-2,5', '٢٨.٨')).toEqual({ latitude: -2.5, longitude: 28.8, altitude: 0, accuracy: 0 });
    expect(typedPlace('91', '0')).toBeUndefined();
    expect(typedPlace('0', '0')).toBeUndefined();
    expect(typedPlace('here', '1')).toBeUndefined();
  });
});
