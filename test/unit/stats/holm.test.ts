import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holmAdjusted } from '../../../src/stats/holm.ts';
import { Prng } from '../../../src/stats/prng.ts';

describe('holmAdjusted', () => {
  it('multiplies the smallest by the number of tests, the next by one less, and never falls back', () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
    // Values of R: p.adjust(c(.01, .04, .03, .005), "holm").
    for (const [index, value] of [0.03, 0.06, 0.06, 0.02].entries()) {
      expect(adjusted[index]).toBeCloseTo(value, 14);
    }
    expect(holmAdjusted([])).toEqual([]);
  });

  it('keeps the order, never lowers a value, and lies between the input and Bonferroni', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(values, (pValues) => {
        const adjusted = holmAdjusted(pValues);
        for (const [i, here] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(here);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, here * pValues.length));
          for (const [j, other] of pValues.entries()) {
            const isOrdered = here > other || (adjusted[i] ?? 1) <= (adjusted[j] ?? 0);
            expect(isOrdered).toBe(true);
          }
        }
      }),
    );
  });

  it('rejects anything in at most 5 % of true families, where unadjusted values reject in 34 %', () => {
    // 4,000 families of 8 uniform p-values: the standard error is 0.35 points.
    const prng = new Prng(43);
    let families = 0;
    let unadjusted = 0;
    for (let run = 0; run < 4000; run += 1) {
      const pValues = Array.from({ length: 8 }, () => prng.nextFloat());
      if (pValues.some((value) => value <= 0.05)) unadjusted += 1;
      if (holmAdjusted(pValues).some((value) => value <= 0.05)) families += 1;
    }
    expect(families / 4000).toBeLessThanOrEqual(0.057);
    expect(unadjusted / 4000).toBeGreaterThan(0.3);
  });

  it('refuses what is no probability', () => {
    expect(() => holmAdjusted([0.5, 1.5])).toThrow(/p-value 1/);
    expect(() => holmAdjusted([Number.NaN])).toThrow(RangeError);
  });
});
