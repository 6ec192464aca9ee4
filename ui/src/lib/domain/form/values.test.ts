import { describe, expect, it } from 'vitest';
import { chosen, moved, readDecimal, readWhole, withChoice } from './values';

describe('numbers as typed', () => {
  it('takes local figures', () => {
    expect(readWhole('٣٤')).toEqual({ text: '34', value: '34' });
    expect(readWhole('۲۰')).toEqual({ text: '20', value: '20' });
    expect(readDecimal('٣٫٥')).toEqual({ text: '3.5', value: '3.5' });
  });

  it('is blank when nothing is written, never zero', () => {
    expect(readWhole('').value).toBe('');
    expect(readDecimal(' ').value).toBe('');
  });

  it('waits while a number is not one yet', () => {
    expect(readWhole('-')).toEqual({ text: '-', value: undefined });
    expect(readDecimal('3.')).toEqual({ text: '3.', value: '3' });
    expect(readDecimal('.')).toEqual({ text: '.', value: undefined });
    expect(readDecimal('-.5')).toEqual({ text: '-.5', value: '-0.5' });
  });

  it('lets only figures in', () => {
    expect(readWhole('14 women')).toEqual({ text: '14', value: '14' });
    expect(readWhole('007')).toEqual({ text: '007', value: '7' });
    expect(readDecimal('3,5')).toEqual({ text: '3.5', value: '3.5' });
  });

  it('says when a number is too large to store', () => {
    expect(readWhole('99999999999')).toEqual({ text: '99999999999', value: undefined, why: 'large' });
  });
});

describe('several choices', () => {
  const choices = [
    { value: 'leaders', exclusive: false },
    { value: 'soldiers', exclusive: false },
    { value: 'none', exclusive: true },
  ];

  it('stand in the order of the list', () => {
    expect(withChoice('soldiers', choices, 'leaders', true)).toBe('leaders soldiers');
    expect(withChoice('leaders soldiers', choices, 'leaders', false)).toBe('soldiers');
    expect(chosen('')).toEqual([]);
  });

  it('give way to "nobody", and "nobody" gives way to them', () => {
    expect(withChoice('leaders soldiers', choices, 'none', true)).toBe('none');
    expect(withChoice('none', choices, 'leaders', true)).toBe('leaders');
  });

  it('keep what the list on screen does not know', () => {
    expect(withChoice('elsewhere', choices, 'leaders', true)).toBe('leaders elsewhere');
  });

  it('move by places and stop at the ends', () => {
    expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 'x', 1)).toEqual(['a', 'b', 'c']);
  });
});
