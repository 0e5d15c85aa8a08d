import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantile } from '../../../src/stats/quantile.ts';

describe('quantile', () => {
  it('interpolates as R and NumPy do by default', () => {
    const sample = [9, 1, 4, 2];
    expect(quantile(sample, 0)).toBe(1);
    expect(quantile(sample, 0.25)).toBe(1.75);
    expect(quantile(sample, 0.9)).toBeCloseTo(7.5, 14);
    expect(quantile(sample, 1)).toBe(9);
    expect(median(sample)).toBe(3);
    expect(sample).toEqual([9, 1, 4, 2]);
  });

  it('rises with p and stays within the sample', () => {
    const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    const level = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(sample, level, level, (values, one, other) => {
        const low = quantile(values, Math.min(one, other));
        const high = quantile(values, Math.max(one, other));
        // Interpolation rounds: one ulp of a million is 1e-10.
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
    );
  });

  it('sorts numbers as numbers and keeps infinities', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(quantile([Infinity, Infinity], 0.5)).toBe(Infinity);
  });

  it('refuses an empty sample, NaN and levels outside 0 to 1', () => {
    expect(() => quantile([], 0.5)).toThrow(/at least one/);
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow(/NaN/);
    expect(() => quantile([1], 1.1)).toThrow(RangeError);
  });
});
