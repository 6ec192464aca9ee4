import { afterEach, describe, expect, it } from 'vitest';
import { formatClock, formatCount, formatDay } from '$lib/i18n/format';
import { setLanguage, t, tMaybe } from '$lib/i18n/index.svelte';
import { problemText } from '$lib/i18n/problem';
import { dirOf, scriptOf } from '$lib/i18n/script';

afterEach(() => setLanguage('en'));

describe('direction follows the script', () => {
  it.each([
    ['ar', 'rtl'],
    ['apd', 'rtl'],
    ['shu', 'rtl'],
    ['ha-Arab', 'rtl'],
    ['ff-Adlm', 'rtl'],
    ['ha', 'ltr'],
    ['sw', 'ltr'],
    ['fr', 'ltr'],
    ['not a tag', 'ltr'],
  ])('%s is %s', (language, direction) => {
    expect(dirOf(language)).toBe(direction);
  });

  it('knows the script of Arabic', () => expect(scriptOf('ar')).toBe('Arab'));
});

describe('sentences', () => {
  it('choose the plural of the language', async () => {
    expect(t('common.records', { n: 1 })).toBe('1 record');
    expect(t('common.records', { n: 1284 })).toBe('1,284 records');
    await setLanguage('ar');
    expect(t('common.records', { n: 2 })).toBe('سجلان');
    expect(t('common.records', { n: 3 })).toBe('3 سجلات');
    expect(t('common.records', { n: 11 })).toBe('11 سجلًا');
  });

  it('isolate names only where directions can mix', async () => {
    expect(t('common.savedAt', { time: '09:42' })).toBe('Saved here 09:42');
    expect(t('common.savedAt', { time: 'الآن' })).toBe('Saved here \u2068الآن\u2069');
    await setLanguage('ar');
    expect(t('common.savedAt', { time: 'Kite' })).toContain('\u2068Kite\u2069');
  });

  it('give nothing for a sentence that is not there', () => {
    expect(tMaybe('problem.no-such-code')).toBeUndefined();
    expect(tMaybe('common')).toBeUndefined();
  });
});

describe('problems', () => {
  it('are named by their code when there is no sentence', () => {
    expect(problemText({ code: 'made.up', facts: {} })).toContain('made.up');
    expect(problemText(new Error('boom'))).not.toContain('boom');
  });
});

describe('days, times and numbers', () => {
  const now = new Date('2026-05-20T10:00:00');
  it('use words of the language and ASCII figures', () => {
    expect(formatDay('en', '2026-05-16', 'short', now)).toBe('16 May');
    expect(formatDay('en', '2026-05-16', 'full', now)).toBe('Saturday 16 May');
    expect(formatDay('ar', '2026-05-16', 'short', now)).toBe('16 مايو');
    expect(formatDay('fr', '2026-05-16', 'full', now)).toBe('samedi 16 mai');
    expect(formatDay('apd-Arab', '2026-05-16', 'short', now)).toBe('16 مايو');
    expect(formatClock('ar', new Date(2026, 4, 16, 9, 5))).toBe('09:05');
    expect(formatCount('ar', 1284)).toBe('1,284');
  });
  it('say the year when it is another one, and nothing for no day', () => {
    expect(formatDay('en', '2025-05-16', 'short', now)).toContain('2025');
    expect(formatDay('en', 'soon', 'short', now)).toBe('');
  });
});
