import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from '../../../src/stats/bootstrap.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { gammaVariate, syntheticBlocks } from './synthetic-blocks.ts';

const confidence = 0.9;

function mean(sample: readonly number[]): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}

describe('bootstrapInterval', () => {
  it('covers the mean of skewed independent values, with either method', () => {
    // 400 runs of 40 gamma values with variation 0.5: the standard error is 1.5 points. A bootstrap that
    // forgot to resample would cover 0 %, one that drew without replacement as well.
    const prng = new Prng(53);
    const covered = { bca: 0, percentile: 0 };
    for (let run = 0; run < 400; run += 1) {
      const blocks = Array.from({ length: 40 }, () => gammaVariate(prng, 4) / 4);
      for (const method of ['bca', 'percentile'] as const) {
        const { low, high } = bootstrapInterval({
          blocks,
          statistic: mean,
          confidence,
          prng,
          resamples: 300,
          method,
        });
        if (low <= 1 && 1 <= high) covered[method] += 1;
      }
    }
    expect(covered.bca / 400).toBeGreaterThan(0.86);
    expect(covered.bca / 400).toBeLessThan(0.94);
    expect(covered.percentile / 400).toBeGreaterThan(0.83);
  });

  it('covers correlated blocks far better when neighbours are drawn together', () => {
    const prng = new Prng(59);
    const process = { blocks: 120, trials: 1e5, rate: 1e-3, variation: 0.5, correlation: 0.7 };
    const covered = { together: 0, alone: 0 };
    for (let run = 0; run < 200; run += 1) {
      const blocks = syntheticBlocks(prng, process).map((block) => block.hits);
      const shared = { blocks, statistic: mean, confidence, prng, resamples: 200 };
      const together = bootstrapInterval({ ...shared, runLength: 12 });
      const alone = bootstrapInterval(shared);
      if (together.low <= 100 && 100 <= together.high) covered.together += 1;
      if (alone.low <= 100 && 100 <= alone.high) covered.alone += 1;
    }
    expect(covered.together / 200).toBeGreaterThan(0.78);
    expect(covered.alone / 200).toBeLessThan(0.62);
  });

  it('gives the same interval for the same seed and a point for equal blocks', () => {
    const blocks = [3, 1, 4, 1, 5, 9, 2, 6];
    const run = (): unknown =>
      bootstrapInterval({ blocks, statistic: mean, confidence, prng: new Prng(1), resamples: 200 });
    expect(run()).toEqual(run());
    expect(
      bootstrapInterval({
        blocks: [2, 2, 2],
        statistic: mean,
        confidence,
        prng: new Prng(1),
        resamples: 100,
      }),
    ).toEqual({ low: 2, high: 2 });
  });

  it('refuses one block, few resamples, long runs and a statistic without a value', () => {
    const shared = { blocks: [1, 2, 3], statistic: mean, confidence, prng: new Prng(1) };
    expect(() => bootstrapInterval({ ...shared, blocks: [1] })).toThrow(/at least 2/);
    expect(() => bootstrapInterval({ ...shared, resamples: 10 })).toThrow(/resamples/);
    expect(() => bootstrapInterval({ ...shared, runLength: 4 })).toThrow(/runLength/);
    expect(() => bootstrapInterval({ ...shared, statistic: () => Number.NaN })).toThrow(/NaN/);
  });
});
