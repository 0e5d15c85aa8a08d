import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { describe, expect, it } from 'vitest';
import { type GradedScenario, gradedOf } from '../../../src/scenario/graded.ts';
import type { Outcome } from '../../../src/scenario/scenario.ts';
import { earlyCheck } from '../../../src/subject/extent-buffer/v5.7/strategies/early-check.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { compareArms } from '../../../src/stress/result/comparison.ts';
import type { Silence } from '../../../src/stress/result/comparison-result.ts';
import type { BlockResult } from '../../../src/stress/plan/block-result.ts';
import { endingArms, isSettled } from '../../../src/stress/result/settled.ts';
import { type CountedArm, placementRates, summarizeArms } from '../../../src/stress/result/summary.ts';

/** An arm of 20 blocks of 100,000 trials with so many violations each; `change` makes some of them different. */
function armOf(
  strategy: Strategy,
  violations: number,
  change: (index: number) => Partial<BlockResult> = () => ({}),
): CountedArm {
  const blocks = Array.from({ length: 20 }, (_, index): BlockResult => ({
    order: index,
    round: index,
    start: 0,
    seed: 1,
    seconds: 0.2,
    trials: 100_000,
    violations,
    roundTripNs: 120,
    host: null,
    rejected: null,
    ...change(index),
  }));
  const sum = (of: (block: BlockResult) => number): number =>
    blocks.reduce((all, block) => all + of(block), 0);
  return {
    strategy,
    isControl: false,
    count: {
      strategy: strategy.name,
      trials: sum((block) => block.trials),
      violations: sum((block) => block.violations),
      // Every violation is the outcome `bug`, the first one of the scenario.
      outcomes: [sum((block) => block.violations)],
      notes: [],
      checks: [0, sum((block) => block.violations)],
      blocks,
      stages: [],
      trialsStaged: 0,
      instances: [],
      states: new Map(),
      changes: 0,
    },
  };
}

const OUTCOMES: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
];

const GRADED: GradedScenario = { ...gradedOf(readaheadVsReleasepage), outcomes: OUTCOMES, measures: [] };

const isDecided = (arms: readonly CountedArm[], fold = 1000): boolean =>
  isSettled(arms, { fold, confidence: 0.95 });
const oneIn = (index: number, change: Partial<BlockResult>) => (at: number) => (at === index ? change : {});

describe('isSettled', () => {
  it('waits until every control has violated and the reduction is shown', () => {
    expect(isDecided([armOf(none, 200), armOf(upstream, 0)])).toBe(true);
    expect(isDecided([armOf(none, 100), armOf(upstream, 0)])).toBe(false);
    expect(isDecided([armOf(none, 100), armOf(upstream, 0)], 500)).toBe(true);
    expect(isDecided([armOf(none, 200), armOf(earlyCheck, 0), armOf(upstream, 0)])).toBe(false);
    expect(isDecided([armOf(none, 0), armOf(upstream, 0)])).toBe(false);
  });

  it('is settled by one violation of a fix, in whatever block', () => {
    const unlucky = armOf(upstream, 0, oneIn(3, { violations: 1, rejected: 'apart' }));
    expect(isDecided([armOf(none, 0), unlucky])).toBe(true);
  });

  it('takes a stricter claim of each when there are more fixes', () => {
    const arms = [armOf(none, 160), armOf(upstream, 0)];
    expect(isDecided(arms)).toBe(true);
    expect(isDecided([...arms, armOf({ ...upstream, name: 'other' }, 0)])).toBe(false);
  });

  it('waits until the reduction is shown in every placement by itself', () => {
    const turns =
      (silentIn?: string) =>
      (index: number): Partial<BlockResult> => {
        const placement = index % 2 === 0 ? 'sibling' : 'l3';
        return { placement, ...(silentIn === placement && { violations: 0 }) };
      };
    const wanted = { fold: 1000, confidence: 0.95, classes: 2 };
    const fix = armOf(upstream, 0, turns());
    expect(isSettled([armOf(none, 600, turns()), fix], wanted)).toBe(true);
    // Enough for both together, too little for either.
    expect(isDecided([armOf(none, 300), armOf(upstream, 0)])).toBe(true);
    expect(isSettled([armOf(none, 300, turns()), fix], wanted)).toBe(false);
    expect(isSettled([armOf(none, 6000, turns('l3')), fix], wanted)).toBe(false);
    // One that is planned has had no start yet.
    const here = (): Partial<BlockResult> => ({ placement: 'sibling' });
    expect(isSettled([armOf(none, 600, here), armOf(upstream, 0, here)], wanted)).toBe(false);
  });

  it('is over for controls alone as soon as they have violated', () => {
    expect(isDecided([armOf(none, 0, oneIn(7, { violations: 1 }))])).toBe(true);
    expect(isDecided([armOf(none, 0, oneIn(7, { violations: 1, rejected: 'stolen' }))])).toBe(false);
  });
});

const options = { seed: 1, confidence: 0.95, fold: 1000, elapsedMs: 8000, startsAt: () => 1 };

describe('rejected blocks', () => {
  it('count for violations and not for rates', () => {
    const arms = [armOf(none, 100, oneIn(4, { violations: 90_000, rejected: 'apart' })), armOf(upstream, 0)];
    const [control, fix] = summarizeArms(arms, GRADED, { confidence: 0.95 });

    expect(control?.violations.total).toBe(19 * 100 + 90_000);
    expect(control?.rate).toMatchObject({ perMillion: 1000, blocks: 19 });
    expect(control?.rejected).toEqual({
      blocks: { 'warm-up': 0, apart: 1, busy: 0, stolen: 0, short: 0 },
      trials: 100_000,
      violations: 90_000,
    });
    expect(fix?.verdict).toBe('clean');
  });

  it('never make a fix clean, and a violation in one of them is one', () => {
    const apart = (): Partial<BlockResult> => ({ rejected: 'apart' });
    const verdictOf = (control: CountedArm, fix: CountedArm): string | undefined =>
      summarizeArms([control, fix], GRADED, { confidence: 0.95 })[1]?.verdict;

    expect(verdictOf(armOf(none, 100), armOf(upstream, 0, apart))).toBe('inconclusive');
    expect(verdictOf(armOf(none, 100, apart), armOf(upstream, 0))).toBe('inconclusive');
    expect(
      verdictOf(armOf(none, 100), armOf(upstream, 0, oneIn(0, { violations: 1, rejected: 'short' }))),
    ).toBe('violated');
  });

  it('leave no claim to a fix that violated in one of them', () => {
    const arms = [armOf(none, 500), armOf(upstream, 0, oneIn(0, { violations: 1, rejected: 'apart' }))];
    const [found] = compareArms(summarizeArms(arms, GRADED, { confidence: 0.95 }), options);
    expect(found).toMatchObject({ reductionAtLeast: null, reductionAtLeastInBursts: null, silence: null });
  });
});

describe('compareArms', () => {
  it('says what a silent fix is worth, and adjusts p-values for their number', () => {
    const other = { ...upstream, name: 'other' };
    const arms = summarizeArms([armOf(none, 500), armOf(upstream, 0), armOf(other, 400)], GRADED, {
      confidence: 0.95,
    });
    const [silent, noisy] = compareArms(arms, options);

    // 10,000 violations without overdispersion, and 1/40 left to each of two claims: ln 40 = 3.69.
    expect(silent?.reductionAtLeast).toBeCloseTo(10_000 / 3.69, -1);
    expect(silent?.silence).toMatchObject({ fold: 1000 });
    expect(silent?.silence?.power).toBeCloseTo(1 - Math.exp(-10), 3);
    expect(silent?.silence?.lengthMs).toBeGreaterThan(8000 * 0.369);
    expect(silent?.silence?.lengthMs).toBeLessThan(8000 * 0.5);
    expect(silent?.pValueHolm).toBeGreaterThan(silent?.pValue ?? 1);
    expect(noisy?.silence).toBeNull();
    expect(noisy?.reductionAtLeast).toBeLessThan(1.25);
  });
});

describe('the plan of a claim', () => {
  /** Ten starts of two blocks, of which the odd ones violate four times as often. */
  const inStarts = (index: number): Partial<BlockResult> => ({
    start: Math.floor(index / 2),
    violations: (Math.floor(index / 2) % 2 === 0 ? 100 : 400) + 3 * (index % 2),
  });
  const planOf = (startsAt: (lengthMs: number) => number): Silence | null | undefined => {
    const fix = (index: number): Partial<BlockResult> => ({ ...inStarts(index), violations: 0 });
    const arms = summarizeArms([armOf(none, 0, inStarts), armOf(upstream, 0, fix)], GRADED, {
      confidence: 0.95,
    });
    return compareArms(arms, { ...options, startsAt })[0]?.silence;
  };

  it('asks for more starts where a run of any length has too few of itself', () => {
    const silence = planOf((lengthMs) => Math.min(32, Math.floor(lengthMs / 800)));

    expect(silence?.startsInBursts).toBeGreaterThan(32);
    expect(silence?.lengthInBurstsMs).toBeCloseTo((silence?.startsInBursts ?? 0) * 800, -4);
  });

  it('does not where a run has as many as its length suggests', () => {
    const silence = planOf((lengthMs) => Math.floor(lengthMs / 800));

    expect(silence).not.toHaveProperty('startsInBursts');
    expect(silence).not.toHaveProperty('starts');
    expect(silence?.lengthInBurstsMs).toBeGreaterThan(8000);
  });
});

describe('placementRates', () => {
  it('gives each placement its own rates', () => {
    const half = (index: number): Partial<BlockResult> =>
      index < 10 ? { roundTripNs: 400 + index, violations: 4 } : {};
    const arms = summarizeArms([armOf(none, 100, half), armOf(upstream, 0)], GRADED, { confidence: 0.95 });
    const [near, far] = placementRates(arms, 0.95);

    expect(near).toMatchObject({ roundTripNs: 120, blocks: 30 });
    expect(near?.rates[0]).toMatchObject({ perMillion: 1000, blocks: 10 });
    expect(near?.rates[1]).toMatchObject({ perMillion: 0, blocks: 20 });
    expect(far).toMatchObject({ blocks: 10 });
    expect(far?.rates).toMatchObject([{ perMillion: 40, blocks: 10 }, null]);
  });
});

describe('summarizeArms', () => {
  it('gives the throughput of the blocks that count', () => {
    const slow: Partial<BlockResult> = { trials: 20_000, rejected: 'warm-up' };
    const perSecond = (arm: CountedArm): number | undefined =>
      summarizeArms([arm], GRADED, { confidence: 0.95 })[0]?.trialsPerSecond;

    expect(perSecond(armOf(none, 200, oneIn(0, slow)))).toBeCloseTo(500_000);
    expect(perSecond(armOf(none, 200, () => slow))).toBeCloseTo(100_000);
  });
});

describe('endingArms', () => {
  it.each([
    [
      ['violates', 'holds', 'holds'],
      [1, 2],
    ],
    [['holds'], [0]],
    [
      ['violates', 'violates'],
      [0, 1],
    ],
  ] as const)('are those that should hold, or all where none should: %j', (expectations, arms) => {
    expect(endingArms(expectations.map((expectation) => ({ expectation })))).toEqual(arms);
  });
});
