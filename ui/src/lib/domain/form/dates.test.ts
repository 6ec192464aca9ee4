import { describe, expect, it } from 'vitest';
import { dayOf, figuresOnly, makeDay, makeMoment, makeTime, readDay, readTime, timeOf } from './dates';

describe('days in fields', () => {
  it('come from what is stored and go back to it', () => {
    expect(readDay('2026-05-06')).toEqual({ day: '6', month: '5', year: '2026' });
    expect(makeDay({ day: '6', month: '5', year: '2026' })).toEqual({ value: '2026-05-06' });
    expect(makeDay({ day: '', month: '', year: '' })).toEqual({ value: '' });
  });

  it('say why there is no day yet', () => {
    expect(makeDay({ day: '6', month: '', year: '2026' })).toEqual({ why: 'unfinished' });
    expect(makeDay({ day: '6', month: '5', year: '26' })).toEqual({ why: 'unfinished' });
    expect(makeDay({ day: '31', month: '2', year: '2026' })).toEqual({ why: 'impossible' });
    expect(makeDay({ day: '29', month: '2', year: '2024' })).toEqual({ value: '2024-02-29' });
    expect(makeDay({ day: '', month: '13', year: '' })).toEqual({ why: 'impossible' });
  });

  it('take local figures', () => {
    expect(figuresOnly('٢٠٢٦', 4)).toBe('2026');
    expect(figuresOnly('1a2b3', 2)).toBe('12');
  });
});

describe('times in fields', () => {
  it('carry the zone of the device', () => {
    expect(makeTime({ hour: '9', minute: '5' }, 180)).toEqual({ value: '09:05:00.000+03:00' });
    expect(makeTime({ hour: '9', minute: '5' }, -210)).toEqual({ value: '09:05:00.000-03:30' });
    expect(makeTime({ hour: '24', minute: '0' }, 0)).toEqual({ why: 'impossible' });
    expect(makeTime({ hour: '9', minute: '' }, 0)).toEqual({ why: 'unfinished' });
  });

  it('are found alone and after a day', () => {
    expect(readTime('14:05:00.000+03:00')).toEqual({ hour: '14', minute: '05' });
    expect(readTime('2026-11-20T14:05:00.000+03:00')).toEqual({ hour: '14', minute: '05' });
    expect(readTime('2026-11-20')).toEqual({ hour: '', minute: '' });
  });

  it('need a day when both are asked', () => {
    const day = { day: '20', month: '11', year: '2026' };
    const blank = { day: '', month: '', year: '' };
    expect(makeMoment(day, { hour: '14', minute: '5' }, 0)).toEqual({
      value: '2026-11-20T14:05:00.000+00:00',
    });
    expect(makeMoment(blank, { hour: '14', minute: '5' }, 0)).toEqual({ why: 'unfinished' });
    expect(makeMoment(blank, { hour: '', minute: '' }, 0)).toEqual({ value: '' });
  });
});

describe('now and today', () => {
  it('are those of the place, not of Greenwich', () => {
    const lateEvening = Date.UTC(2026, 10, 20, 22, 30);
    expect(dayOf(lateEvening, 180)).toEqual({ day: '21', month: '11', year: '2026' });
    expect(dayOf(lateEvening, 0)).toEqual({ day: '20', month: '11', year: '2026' });
    expect(dayOf(lateEvening, 180, 1)).toEqual({ day: '20', month: '11', year: '2026' });
    expect(timeOf(lateEvening, 180)).toEqual({ hour: '01', minute: '30' });
  });
});
