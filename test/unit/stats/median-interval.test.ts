import { describe, expect, it } from 'vitest';
import { medianInterval } from '../../../src/stats/median-interval.ts';
import { Prng } from '../../../src/stats/prng.ts';

describe('medianInterval', () => {
  it.each([
    // Ranks from Conover, Practical Nonparametric Statistics, table A3: P(Bin(n, 1/2) <= rank) stays below 2.5 %.
    [5, 0, 4],
    [6, 0, 5],
    [8, 0, 7],
    [9, 1, 7],
    [12, 2, 9],
    [20, 5, 14],
    [40, 13, 26],
  ])('of %i values lies between those of rank %i and %i', (count, low, high) => {
    const sample = Array.from({ length: count }, (_, index) => count - 1 - index);

    expect(medianInterval(sample, 0.95)).toEqual({ median: (count - 1) / 2, low, high });
  });

  it('is a point for a sample that does not vary, and the value for one', () => {
    expect(medianInterval([7, 7, 7], 0.95)).toEqual({ median: 7, low: 7, high: 7 });
    expect(medianInterval([7], 0.95)).toEqual({ median: 7, low: 7, high: 7 });
  });

  it('refuses what has no median', () => {
    expect(() => medianInterval([], 0.95)).toThrow(RangeError);
    expect(() => medianInterval([1, Number.NaN], 0.95)).toThrow(RangeError);
    expect(() => medianInterval([1], 1)).toThrow(RangeError);
  });

  it('covers the median of a skewed population as often as it says, and one that is too narrow does not', () => {
    const prng = new Prng(22);
    const runs = 2_000;
    let covered = 0;
    let narrow = 0;
    for (let run = 0; run < runs; run++) {
      const sample = Array.from({ length: 15 }, () => -Math.log(1 - prng.nextFloat()));
      const { low, high, median } = medianInterval(sample, 0.95);
      if (low <= Math.LN2 && Math.LN2 <= high) covered++;
      const isIn = (low + median) / 2 <= Math.LN2 && Math.LN2 <= (high + median) / 2;
      if (isIn) narrow++;
    }

    // The ranks allow no 95 % exactly: of 15 values they give 96.5 %, give or take 0.4 % in as many runs.
    expect(covered / runs).toBeGreaterThan(0.95);
    expect(covered / runs).toBeLessThan(0.98);
    expect(narrow / runs).toBeLessThan(0.9);
  });
});
