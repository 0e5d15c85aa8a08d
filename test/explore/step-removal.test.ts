import { beforeAll, describe, expect, it } from 'vitest';
import { isRemoval } from '../../src/fix/mutation/mutations-of.ts';
import { formatMutation, mutantName } from '../../src/fix/mutation/mutation.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { judgeMutant } from '../../src/study/mutate-judge.ts';
import { LADDER } from '../../src/study/mutate-ladder.ts';
import { planMutants } from '../../src/study/mutate-plan.ts';
import type { MutantProof } from '../../src/study/mutate-result.ts';
import trial from '../../src/study/mutate-worker.ts';
import { surveyOf } from '../../src/study/survey.ts';
import { allOr, isFull } from '../helpers/full.ts';
import { CAUGHT_IN_LARGER, EQUIVALENT_REMOVALS, VACUOUS_REMOVALS } from '../helpers/equivalent-removals.ts';

/**
 * Every step of every function of the scenario is taken away, one at a time: stores and locks are left out, tests are
 * skipped with each of their answers. Explore must catch each removal, or it stands in a list with the reason why nothing
 * can be noticed; the list is checked both ways.
 */

/** Settings that every removal is tried in: they reach every function. */
const small = [0, 1, 2, 3, 4, 6, 7].flatMap((index) => LADDER[index] ?? []);
/** It would take minutes for all that is equivalent; what only this setting catches is tried in it alone. */
const larger = LADDER.slice(8, 9);
const ladder = [...small, ...larger];
/** Ends a search that hangs, and no other, however slow the host is: what is not decided fails the first test. */
const EXPLORE_MS = 3_600_000;

/** On this thread: the other processor has other tests to run. */
const pool = { trial };
const { signal } = new AbortController();
const proofs = new Map<string, MutantProof>();
const listed = [...EQUIVALENT_REMOVALS.values()].flat();
/** What each of them breaks. */
const NAMED: readonly (readonly [what: string, id: string, invariant: string])[] = [
  ['an unlock', 'check_buffer_tree_ref/spin_unlock.eb.refs_lock/drop', 'deadlock'],
  ['an inc', 'set_io_pages/check_buffer_tree_ref/atomic_inc.eb.refs/drop', 'B1'],
  ['a test', 'set_io_pages/check_buffer_tree_ref/test_bit.eb.bflags.TREE_REF/true', 'B1'],
  ['a store', 'set_io_pages/atomic_set.eb.io_pages/drop', 'L4'],
];
/** Of those that are caught in a small setting and named nowhere, every other one is left to the project `full`. */
const told = new Set([...listed, ...VACUOUS_REMOVALS, ...CAUGHT_IN_LARGER, ...NAMED.map(([, id]) => id)]);
const isTried = (id: string, index: number): boolean => isFull || told.has(id) || index % 2 === 0;

/** What nothing catches is searched in every setting; in the unit tests, up to the first in which it is put to the test. */
async function judgeUntilHeld(...[threads, task]: Parameters<typeof judgeMutant>): Promise<MutantProof> {
  for (const rung of task.rungs) {
    const proof = await judgeMutant(threads, { ...task, rungs: [rung] });
    if (proof.verdict !== 'vacuous') return proof;
  }
  return judgeMutant(threads, task);
}

beforeAll(async () => {
  const strategy = upstream.name;
  const limits = { timeMaxMs: EXPLORE_MS, clock: () => performance.now() };
  const { mutants } = planMutants(
    true,
    small.map((rung) => surveyOf(upstream, rung, limits)),
  );
  await Promise.all(
    mutants
      .filter(({ mutation }) => isRemoval(mutation.change))
      .filter(({ mutation }, index) => isTried(formatMutation(mutation), index))
      .map(async ({ mutation, rungs }) => {
        const mutant = mutantName(strategy, mutation);
        const id = formatMutation(mutation);
        const tried = CAUGHT_IN_LARGER.has(id) ? [...rungs, small.length] : rungs;
        const task = { mutant, ladder, rungs: tried, exploreMs: EXPLORE_MS, signal };
        const judge = listed.includes(id) ? allOr(judgeMutant, judgeUntilHeld) : judgeMutant;
        proofs.set(id, await judge(pool, task));
      }),
  );
}, 3_600_000);

const idsWith = (verdict: MutantProof['verdict']): string[] =>
  [...proofs].filter(([, proof]) => proof.verdict === verdict).map(([id]) => id);

describe('removal of single steps', () => {
  it('decides every one of them', () => {
    expect(idsWith('bounded')).toStrictEqual([]);
    expect(proofs.size).toBeGreaterThan(allOr(150, 100));
  });

  it('is caught by explore, or listed as equivalent with the reason', () => {
    expect(idsWith('equivalent').filter((id) => !listed.includes(id))).toStrictEqual([]);
  });

  it('is vacuous where it leaves an operation without a step, and listed', () => {
    expect(new Set(idsWith('vacuous'))).toStrictEqual(VACUOUS_REMOVALS);
  });

  it('is listed only where nothing catches it', () => {
    const equivalent = new Set(idsWith('equivalent'));
    expect(listed.filter((id) => !equivalent.has(id))).toStrictEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('is tried in a larger setting only where that is needed', () => {
    const inLarger = [...proofs].filter(([, { rung }]) => rung === small.length).map(([id]) => id);
    expect(new Set(inLarger)).toStrictEqual(CAUGHT_IN_LARGER);
  });

  it('gives every caught one a witness', () => {
    const killed = [...proofs].filter(([, { verdict }]) => verdict === 'killed');
    expect(killed.filter(([, { witness }]) => witness === null)).toStrictEqual([]);
  });

  it.each(NAMED)('catches the removal of %s by what it breaks', (_what, id, invariant) => {
    expect(proofs.get(id)?.invariants).toContain(invariant);
  });
});
