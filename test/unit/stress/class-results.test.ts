import { describe, expect, it } from 'vitest';
import type { BlockResult } from '../../../src/stress/plan/block-result.ts';
import { samples } from '../../../src/stress/result/block-samples.ts';
import { classResults } from '../../../src/stress/result/class-results.ts';
import type { ClassResult } from '../../../src/stress/result/class-result.ts';
import { shownReduction } from '../../../src/stress/result/comparison.ts';
import type { ArmResult } from '../../../src/stress/result/result.ts';
import { rateInterval } from '../../../src/stats/rate-interval.ts';
import { none, upstream } from '../report/sample-results.ts';
import { instanceBlock } from '../../helpers/instance-blocks.ts';

const confidence = 0.95;

/** Starts that take turns in two placements: one violates ten times as often as the other. */
function blocksOf(hitsIn: Readonly<Record<string, number>>): BlockResult[] {
  return Array.from({ length: 24 }, (_, round): BlockResult => {
    const start = Math.floor(round / 2);
    const placement = start % 2 === 0 ? 'sibling' : 'l3';
    const violations = hitsIn[placement] ?? 0;
    return instanceBlock({
      round,
      start,
      placement,
      instances: [
        { instance: 0, trials: 100_000, violations },
        { instance: 1, trials: 100_000, violations: violations === 0 ? 0 : violations + 10 * start * start },
      ],
    });
  });
}

const control: ArmResult = { ...none, blockResults: blocksOf({ sibling: 1000, l3: 100 }) };
const fix: ArmResult = { ...upstream, blockResults: blocksOf({}) };

function found(arms: readonly ArmResult[] = [control, fix]): readonly ClassResult[] {
  return classResults(arms, { places: [{ placement: 'sibling' }, { placement: 'l3' }], confidence });
}

function ofClass(arm: ArmResult, placement: string): BlockResult[] {
  return arm.blockResults.filter((block) => block.placement === placement);
}

describe('classResults', () => {
  it('rests each class on its own starts, and pools nothing', () => {
    for (const each of found()) {
      const { rate, low, high } = rateInterval({
        blocks: samples(ofClass(control, each.placement)),
        confidence,
      });
      const [perMillion, from, to] = [rate, low, high].map((value) => value * 1e6);
      expect(each.arms[0]?.rate).toMatchObject({ perMillion, low: from, high: to, starts: 6, blocks: 12 });
      expect(each).toMatchObject({ starts: 6, roundTripNs: 100 });
    }
  });

  it('counts what all its blocks have, and violations per second of those that count', () => {
    const [sibling] = found();
    const blocks = ofClass(control, 'sibling');
    const violations = blocks.reduce((sum, block) => sum + block.violations, 0);
    const arm = sibling?.arms[0];
    expect(arm).toMatchObject({ trials: 12 * 200_000, violations });
    expect(arm?.trialsPerSecond).toBeCloseTo(1e6, 6);
    expect(arm?.violationsPerSecond).toBeCloseTo(violations / (12 * 0.2), 6);
  });

  it('bounds the zero of a fix by what the same class shows of the control', () => {
    const [sibling, l3] = found();
    // The starts of one differ by a third, those of the other fivefold: the same zero of the same trials is worth less there.
    expect(sibling?.arms[1]?.trials).toBe(l3?.arms[1]?.trials);
    expect(sibling?.arms[1]?.rate.perMillion).toBe(0);
    expect(l3?.arms[1]?.rate.high).toBeGreaterThan(2 * (sibling?.arms[1]?.rate.high ?? Infinity));
  });

  it('shares the confidence of claims among the classes', () => {
    const [sibling] = found();
    const blocks = { control: ofClass(control, 'sibling'), fix: ofClass(fix, 'sibling') };
    const claim = (of: number): number | null =>
      shownReduction({ ...blocks, confidence: of, residual: 'thinned' });
    expect(sibling?.claims).toMatchObject([{ control: 'none', strategy: 'upstream' }]);
    expect(sibling?.claims[0]?.reductionAtLeast).toBe(claim(0.975));
    expect(sibling?.claims[0]?.reductionAtLeast).toBeLessThan(claim(0.95) ?? 0);
  });

  it('claims nothing in a class in which the control is silent', () => {
    const half = { ...none, blockResults: blocksOf({ sibling: 1000 }) };
    const [sibling, l3] = found([half, fix]);
    expect(sibling?.claims[0]?.reductionAtLeast).toBeGreaterThan(10);
    expect(l3?.claims[0]).toMatchObject({ reductionAtLeast: null, reductionAtLeastInBursts: null });
    expect(l3?.arms[0]?.rate.perMillion).toBe(0);
  });

  it('leaves out classes that no start had', () => {
    const places = [{ placement: 'sibling' }, { placement: 'far' }] as const;
    const classes = classResults([control, fix], { places, confidence });
    expect(classes.map(({ placement }) => placement)).toEqual(['sibling']);
  });

  it('is empty where the system placed the actors', () => {
    const blockResults = control.blockResults.map(({ placement: _none, ...block }) => block);
    expect(found([{ ...control, blockResults }])).toEqual([]);
  });
});
