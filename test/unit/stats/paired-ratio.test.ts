import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedRatio, type PairedRatio } from '../../../src/stats/paired-ratio.ts';
import { Prng } from '../../../src/stats/prng.ts';

const confidence = 0.95;

function ofRatios(ratios: readonly number[]): PairedRatio {
  return pairedRatio({ pairs: ratios.map((a) => ({ a, b: 1 })), confidence });
}

describe('pairedRatio', () => {
  it('takes the order statistics of the sign test table', () => {
    // n = 6: the range (96.9 %); 8: still the range (99.2 %); 9: 2nd and 8th (96.1 %); 20: 6th and 15th (95.9
    // %).
    for (const [pairs, rank, covered] of [
      [6, 1, 0.96875],
      [8, 1, 0.9921875],
      [9, 2, 0.9609375],
      [20, 6, 0.9586105],
    ] as const) {
      const result = pairedRatio({
        pairs: Array.from({ length: pairs }, (_, index) => ({ a: index + 1, b: 1 })),
        confidence,
      });
      expect(result).toMatchObject({ low: rank, high: pairs + 1 - rank, median: (pairs + 1) / 2, pairs });
      expect(result.confidence).toBeCloseTo(covered, 6);
    }
  });

  it('says what the whole range is worth when there are too few pairs', () => {
    expect(ofRatios([3, 1, 2])).toMatchObject({ low: 1, median: 2, high: 3 });
    expect(ofRatios([3, 1, 2]).confidence).toBeCloseTo(0.75, 12);
    expect(ofRatios([5])).toMatchObject({ low: 5, median: 5, high: 5, confidence: 0 });
  });

  it('covers the true median of skewed ratios at least nominally, despite stalls that ruin a mean', () => {
    // 3,000 runs of 15 pairs at a true ratio of 1.3; the guaranteed coverage is 96.5 %, the standard error
    // 0.35 points.
    const prng = new Prng(47);
    let covered = 0;
    let meanIsFar = 0;
    for (let run = 0; run < 3000; run += 1) {
      const pairs = Array.from({ length: 15 }, () => {
        const drift = 1 + 9 * prng.nextFloat();
        const noise = Math.exp(prng.nextFloat() - 0.5);
        // A stall of either arm, equally likely, leaves the median where it is.
        const stall = prng.nextBelow(10);
        return { a: 1.3 * drift * noise * (stall === 0 ? 0.01 : 1), b: drift * (stall === 1 ? 0.01 : 1) };
      });
      const { low, high } = pairedRatio({ pairs, confidence });
      if (low <= 1.3 && 1.3 <= high) covered += 1;
      if (pairs.reduce((sum, { a, b }) => sum + a / b / 15, 0) > 2.6) meanIsFar += 1;
    }
    expect(covered / 3000).toBeGreaterThan(0.95);
    expect(covered / 3000).toBeLessThan(0.98);
    expect(meanIsFar / 3000).toBeGreaterThan(0.5);
  });

  it('inverts when the arms are exchanged, and holds its median', () => {
    const value = fc.double({ min: 0.001, max: 1000, noNaN: true });
    const odd = fc.array(fc.record({ a: value, b: value }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(odd, (pairs) => {
        const forth = pairedRatio({ pairs, confidence });
        const back = pairedRatio({ pairs: pairs.map(({ a, b }) => ({ a: b, b: a })), confidence });
        expect(forth.low * back.high).toBeCloseTo(1, 10);
        expect(forth.median * back.median).toBeCloseTo(1, 10);
        expect(forth.low).toBeLessThanOrEqual(forth.median);
        expect(forth.high).toBeGreaterThanOrEqual(forth.median);
      }),
    );
  });

  it('refuses no pairs and values that are not above 0', () => {
    expect(() => pairedRatio({ pairs: [], confidence })).toThrow(/at least one/);
    expect(() => pairedRatio({ pairs: [{ a: 1, b: 0 }], confidence })).toThrow(/pair 0/);
  });
});
