/** What threads show of a race that stops them. */
import { describe, expect, it } from 'vitest';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { hardwareOf } from '../../src/study/history-hardware.ts';
import type { HistoryProof, HistoryRow } from '../../src/study/history-result.ts';
import { historyReport } from '../../src/report/history-report.ts';
import { plain } from '../../src/report/paint.ts';
import { allOr } from '../helpers/full.ts';

const NEVER_UNLOCKS = './test/stress/strategies/never-unlocks.mjs';
const NEVER_MS = 30;
const options = { durationMs: 1_000, seed: 1, agrees: false, signal: new AbortController().signal };

function proof(strategy: string, invariants: readonly string[]): HistoryProof {
  const verdict = invariants.length > 0 ? 'violated' : 'holds';
  return { strategy, verdict, invariants, witness: null, states: 1, complete: true, reason: null };
}

function rowOf(before: HistoryProof, after: HistoryProof): HistoryRow {
  return {
    verdict: 'as-declared',
    scenario: readaheadVsReleasepage.name,
    year: 2026,
    commit: null,
    title: 'a lock that is not given back',
    symptom: 'two processors wait for ever',
    breaks: ['deadlock'],
    start: 'primed',
    actors: 'finder=1,reclaim=1',
    pages: 1,
    before,
    after,
  };
}

describe('a race that stops the actors', () => {
  it('is seen as that, and what mends it is played without it', async () => {
    const row = rowOf(proof(NEVER_UNLOCKS, ['deadlock']), proof('upstream', []));
    const hardware = await hardwareOf(readaheadVsReleasepage, row, options);

    expect(hardware).toMatchObject({ verdict: 'shown', after: { violations: 0 } });
    expect(hardware.after.trials).toBeGreaterThan(0);
    expect(hardware.hang?.join(' ')).toContain('refs_lock');
    const text = historyReport(
      {
        schema: 'ebtorture.history/1',
        verdict: 'as-declared',
        isInterrupted: false,
        config: { exploreMs: 1, hardwareMs: NEVER_MS, seed: 1, agrees: false },
        rows: [{ ...row, hardware }],
        elapsedMs: 1,
      },
      plain,
    );
    expect(text).toMatch(/hangs/);
    expect(text).toContain('the actors wait for each other for ever before');
  });

  const others: readonly (readonly [string, HistoryProof, HistoryProof])[] = [
    ['explore knows of no deadlock', proof(NEVER_UNLOCKS, ['B1']), proof('upstream', [])],
    ['it is the mend that hangs', proof('none', ['B1', 'deadlock']), proof(NEVER_UNLOCKS, [])],
  ];
  it.each(allOr(others, others.slice(1)))('is an error where %s', async (_why, before, after) => {
    await expect(hardwareOf(readaheadVsReleasepage, rowOf(before, after), options)).rejects.toMatchObject({
      code: 'ERR_ACTOR_HUNG',
      strategy: NEVER_UNLOCKS,
    });
  });
});
