import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/stats/prng.ts';
import { signedRankMiddle } from '../../../src/stats/signed-rank.ts';

describe('signedRankMiddle', () => {
  it('agrees with a published example', () => {
    // Hollander and Wolfe, Nonparametric Statistical Methods, table 3.1: estimate -0.46, 96.1 % from -0.786 to -0.010.
    const depression = [-0.952, 0.147, -1.022, -0.43, -0.62, -0.59, -0.49, 0.08, -0.01];
    const { estimate, low, high } = signedRankMiddle(depression, 0.96);

    expect([estimate, low, high].map((value) => Number(value.toFixed(3)))).toEqual([-0.46, -0.786, -0.01]);
  });

  it.each([
    [5, 0.95, Infinity],
    [6, 0.95, 6],
    [8, 0.995, Infinity],
    [9, 0.995, 9],
  ])('of %i differences has bounds at %f only if they are enough', (count, confidence, high) => {
    const differences = Array.from({ length: count }, (_, index) => index + 1);

    expect(signedRankMiddle(differences, confidence).high).toBe(high);
  });

  it('is moved little by a wild value', () => {
    const { low, high } = signedRankMiddle([1.1, 0.9, 1, 1.2, 0.8, 1.05, 0.95, 1.15, 0.85, -40], 0.95);

    expect(low).toBeGreaterThan(-20);
    expect(high).toBeLessThan(1.2);
  });

  it('covers the middle of symmetric values as often as it says, in 2,000 samples', () => {
    const prng = new Prng(3);
    let covered = 0;
    for (let sample = 0; sample < 2_000; sample++) {
      // Differences of two alike, skewed values are symmetric.
      const skewed = (): number => -Math.log(1 - prng.nextFloat());
      const values = Array.from({ length: 12 }, () => 5 + skewed() - skewed());
      const { low, high } = signedRankMiddle(values, 0.95);
      if (low <= 5 && high >= 5) covered++;
    }

    expect(covered / 2_000).toBeGreaterThan(0.94);
    expect(covered / 2_000).toBeLessThan(0.97);
  });

  it('refuses no differences', () => {
    expect(() => signedRankMiddle([], 0.95)).toThrow(RangeError);
  });
});
