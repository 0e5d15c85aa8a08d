import { describe, expect, it } from 'vitest';
import { middleOf } from '../../../bench/compare/signed-rank.ts';
import { Prng } from '../../../src/stats/prng.ts';

describe('middleOf', () => {
  it('has the interval that tables of the signed-rank test give', () => {
    // n = 10: P(W <= 8) = 25 / 1024 <= 0.025 < P(W <= 9), so the 9th of 55 averages from either end bounds it.
    const values = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
    const averages = values
      .flatMap((one, index) => values.slice(index).map((other) => (one + other) / 2))
      .toSorted((left, right) => left - right);

    const middle = middleOf(values, 0.95);

    expect(middle).toEqual({ estimate: averages[27], low: averages[8], high: averages[46] });
  });

  it('gives no interval where no sum of ranks is rare enough', () => {
    expect(middleOf([1, 2, 3, 4, 5, 6, 7, 8], 0.995)).toBeUndefined();
    expect(middleOf([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.995)).toMatchObject({ low: 1, high: 9 });
    expect(middleOf([], 0.95)).toBeUndefined();
  });

  it('misses the middle of a symmetric distribution as often as its confidence says', () => {
    const prng = new Prng(7);
    let missed = 0;
    for (let sample = 0; sample < 2000; sample++) {
      // Heavy-tailed: the quotient of two uniform numbers with a random sign.
      const values = Array.from({ length: 15 }, () => {
        const size = prng.nextFloat() / (1 - prng.nextFloat());
        return prng.nextBelow(2) === 0 ? size : -size;
      });
      const { low = 0, high = 0 } = middleOf(values, 0.9) ?? {};
      if (low > 0 || high < 0) missed++;
    }

    // At most 10 % and, with 15 values, no less than 8 %; the standard deviation of the count is 13.
    expect(missed).toBeGreaterThan(120);
    expect(missed).toBeLessThan(240);
  });
});
