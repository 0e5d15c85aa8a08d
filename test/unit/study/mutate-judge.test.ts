import { describe, expect, it } from 'vitest';
import { judgeMutant } from '../../../src/study/mutate-judge.ts';
import { LADDER } from '../../../src/study/mutate-ladder.ts';
import type { MutantProof } from '../../../src/study/mutate-result.ts';
import trial, { type MutantTrial } from '../../../src/study/mutate-worker.ts';

/** Judges a mutant of which the searches of the first settings say this. */
async function judged(...verdicts: readonly MutantTrial['verdict'][]): Promise<MutantProof> {
  const pool = {
    trial: async ({ rung }: { readonly rung: (typeof LADDER)[number] }): Promise<MutantTrial> => {
      const verdict = verdicts[LADDER.indexOf(rung)] ?? 'holds';
      const reason = verdict === 'holds' || verdict === 'violated' ? null : `${verdict} it is`;
      return Promise.resolve({ verdict, invariants: [], witness: null, states: 1, complete: true, reason });
    },
  };
  return judgeMutant(pool, {
    mutant: 'planted',
    ladder: LADDER,
    rungs: [...verdicts.keys()],
    exploreMs: 1_000,
    signal: new AbortController().signal,
  });
}

describe('a mutant', () => {
  it('is equivalent only where some search has put it to the test', async () => {
    expect(await judged('holds', 'holds')).toMatchObject({
      verdict: 'equivalent',
      held: [0, 1],
      reason: null,
    });
    expect(await judged('holds', 'vacuous')).toMatchObject({
      verdict: 'equivalent',
      held: [0],
      vacuousIn: [1],
      reason: null,
    });
    expect(await judged('vacuous', 'vacuous')).toMatchObject({
      verdict: 'vacuous',
      held: [],
      vacuousIn: [0, 1],
      reason: 'setting 1: vacuous it is',
    });
  });

  it('is killed where one search kills it, and bounded where one did not end', async () => {
    expect(await judged('vacuous', 'violated')).toMatchObject({ verdict: 'killed', rung: 1 });
    expect(await judged('vacuous', 'bounded')).toMatchObject({
      verdict: 'bounded',
      reason: 'setting 2: bounded it is',
    });
  });

  it('that keeps a finder from finding is vacuous, and says what never happens', async () => {
    const [rung] = LADDER;
    if (rung === undefined) throw new Error('the ladder has no setting');
    const find = 'find_extent_buffer/atomic_inc_not_zero.eb.refs/false';
    const found = await trial({ mutant: `upstream~${find}`, rung, exploreMs: 20_000 });

    expect(found).toMatchObject({
      verdict: 'vacuous',
      reason: 'finder never has a step in read_extent_buffer_pages',
    });
  });
});
