import { describe, expect, it } from 'vitest';
import type { ArmCost, ArmProof, ArmResult } from '../../../src/stress/result/result.ts';
import { measures } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-declarations.ts';
import { choicesOf } from '../../../src/study/dominance.ts';
import { asDeclared } from '../report/sample-results.ts';

const holds: ArmProof = {
  verdict: 'holds',
  complete: true,
  states: 700,
  elapsedMs: 90,
  invariants: [],
  witness: null,
};
const violated: ArmProof = { ...holds, verdict: 'violated', invariants: ['B1'] };
const bounded: ArmProof = { ...holds, verdict: 'bounded', complete: false };

function costOf(locks: number, atomics: number, steps = 100): ArmCost {
  const operation = { locks, atomics, steps, ns: 300 };
  return { readahead: operation, releasepage: operation, completion: operation };
}

/** A fix that held, with what is said of it. */
function fix(strategy: string, parts: Partial<ArmResult>): ArmResult {
  const held = asDeclared.arms.find((arm) => arm.expectation === 'holds');
  if (held === undefined) throw new Error('the sample has no fix');
  return { ...held, strategy, treeRefStripped: 0, proof: holds, cost: costOf(5, 10), ...parts };
}

const namesOf = (arms: readonly ArmResult[]): (string | undefined)[] =>
  choicesOf(arms, measures).map(({ arm }) => arms[arm]?.strategy);
const dominatorOf = (arm: ArmResult, other: ArmResult): string | null | undefined =>
  choicesOf([arm, other], measures).find((choice) => choice.arm === 0)?.dominatedBy;

describe('choicesOf', () => {
  it('puts the proved before the held before the unsafe, and in each the cheaper first', () => {
    const arms = [
      fix('control', { expectation: 'violates', proof: violated, cost: costOf(1, 1) }),
      fix('refuted', { proof: violated, cost: costOf(2, 1) }),
      fix('held', { proof: bounded, cost: costOf(1, 1) }),
      fix('dear', { cost: costOf(6, 10) }),
      fix('long', { cost: costOf(5, 10, 101) }),
      fix('cheap', {}),
    ];

    expect(namesOf(arms)).toEqual(['cheap', 'long', 'dear', 'held', 'control', 'refuted']);
    expect(choicesOf(arms, measures).map(({ safety }) => safety)).toEqual([
      'proved',
      'proved',
      'proved',
      'held',
      'unsafe',
      'unsafe',
    ]);
  });

  it('neither proves nor prefers a fix that nothing puts to the test', () => {
    const vacuous: ArmProof = { ...holds, verdict: 'vacuous' };
    const idle = [{ actor: 'finder', operation: 'free_extent_buffer' }];
    const coverage = { trials: 9, taken: 9, reachable: 9, missed: [], own: null, evaluated: [] };
    const planted = fix('planted', { proof: vacuous, cost: costOf(1, 1) });
    const unproved = fix('unproved', { proof: bounded, cost: costOf(1, 1), coverage: { ...coverage, idle } });
    const repaired = fix('repaired', { cost: costOf(1, 1), coverage });
    const dear = fix('dear', {});

    expect(choicesOf([planted, unproved, dear], measures).map(({ safety }) => safety)).toEqual([
      'proved',
      'vacuous',
      'vacuous',
    ]);
    expect(dominatorOf(dear, planted)).toBeNull();
    expect(dominatorOf(dear, unproved)).toBeNull();
    expect(dominatorOf(planted, repaired)).toBeNull();
    expect(dominatorOf(dear, repaired)).toBe('repaired');
  });

  it('calls a fix unsafe that violated on hardware, proved or not', () => {
    const broken = fix('broken', { violations: { total: 1, byInvariant: { B1: 1 } } });

    expect(choicesOf([broken], measures)[0]?.safety).toBe('unsafe');
  });

  it.each([
    { why: 'higher in a count', arm: { cost: costOf(6, 10) }, by: 'other' },
    { why: 'longer by a step', arm: { cost: costOf(5, 10, 101) }, by: 'other' },
    {
      why: 'strips where the other does not, and longer',
      arm: { cost: costOf(5, 10, 101), treeRefStripped: 9 },
      by: 'other',
    },
    { why: 'equal', arm: {}, by: null },
    { why: 'higher in one count and lower in another', arm: { cost: costOf(6, 9) }, by: null },
    {
      why: 'proved where the other is not',
      arm: { cost: costOf(6, 10) },
      other: { proof: bounded },
      by: null,
    },
    {
      why: 'without strips where the other strips',
      arm: { cost: costOf(6, 10) },
      other: { treeRefStripped: 1 },
      by: null,
    },
    { why: 'beside an unsafe one', arm: { cost: costOf(6, 10) }, other: { proof: violated }, by: null },
    { why: 'a control', arm: { cost: costOf(6, 10), expectation: 'violates' }, by: null },
  ] as const)('dominated where it is $why: $by', ({ arm, by, ...rest }) => {
    expect(dominatorOf(fix('arm', arm), fix('other', 'other' in rest ? rest.other : {}))).toBe(by);
  });
});
