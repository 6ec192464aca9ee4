/** A report says every number that is not zero, and "Complete" only when nothing is missing. */
import { describe, expect, it } from 'vitest';
import { refused } from '$lib/domain/exchange';
import { reportOf } from '$lib/domain/hq/report';
import type { ExchangeView } from '$lib/ipc/types';

function exchange(part: Partial<ExchangeView>): ExchangeView {
  return { ...refused('import', 'card-7.baraza', {}), outcome: 'done', code: null, ...part };
}

describe('the report of an import', () => {
  it('is complete when all of it was applied', () => {
    const report = reportOf(exchange({ records_in: 840, pieces: 4 }));
    expect(report.tag).toBe('Complete');
    expect(report.sentences).toEqual([
      '840 records with something new were applied.',
      'Nothing is missing from it.',
    ]);
  });

  it('says what was here, waits, was set aside and was damaged', () => {
    const report = reportOf(
      exchange({ records_in: 302, already_had: 15, waiting: 2, set_aside: 1, damaged: 1, pieces: 7 }),
    );
    expect(report.tag).toBe('Partly');
    const said = report.sentences.join(' ');
    for (const part of ['302', '15', '2 pieces wait', '1 piece was set aside', '1 of 7 pieces']) {
      expect(said).toContain(part);
    }
    expect(said).not.toContain('Nothing is missing');
  });

  it('says that nothing is lost when a person stopped it', () => {
    const report = reportOf(exchange({ records_in: 3, outcome: 'cancelled' }));
    expect(report.tag).toBe('Stopped');
    expect(report.sentences.at(-1)).toBe('What was read before that stays. The same file can be read again.');
  });

  it('claims no records for a file that was refused', () => {
    const report = reportOf(refused('import', 'notes.txt', { code: 'sync.not-a-bundle' }));
    expect(report.tone).toBe('stop');
    expect(report.sentences).toHaveLength(1);
  });

  it('says of a written card what it carries, even without receipts', () => {
    const report = reportOf(exchange({ way: 'card-out', name: 'back.baraza', file: 'back.baraza' }));
    expect(report.sentences).toEqual(['It carries members, forms and receipts.']);
  });
});
