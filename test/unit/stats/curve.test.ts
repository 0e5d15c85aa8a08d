import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  curveArea,
  curvePeak,
  type CurvePoint,
  halfWidth,
  plateauRate,
  pooledByOffset,
  standsOut,
} from '../../../src/stats/curve.ts';
import { Prng } from '../../../src/stats/prng.ts';

const TRIALS = 1_000_000;

/** A curve of `rateOf` at every tenth offset from -200 to 200. */
function curveOf(rateOf: (offset: number) => number): CurvePoint[] {
  return Array.from({ length: 41 }, (_, index) => {
    const offset = -200 + 10 * index;
    return { offset, trials: TRIALS, hits: Math.round(TRIALS * rateOf(offset)) };
  });
}

/** Height 0.4 at 50, zero from 100 away: area 40, half width 100. */
const triangle = curveOf((offset) => 0.4 * Math.max(0, 1 - Math.abs(offset - 50) / 100));

describe('curveArea', () => {
  it('is exact for a curve of straight lines', () => {
    expect(curveArea(triangle)).toBeCloseTo(40, 9);
  });

  it('weighs points by their distance, in whatever order they come', () => {
    const points = [
      { offset: 100, trials: 10, hits: 0 },
      { offset: 0, trials: 10, hits: 5 },
      { offset: 1, trials: 10, hits: 5 },
    ];

    expect(curveArea(points)).toBeCloseTo(0.5 + 0.5 * 0.5 * 99, 9);
  });

  it('leaves out points without trials', () => {
    expect(curveArea([...triangle, { offset: 55, trials: 0, hits: 0 }])).toBeCloseTo(40, 9);
  });

  it('keeps its value when jitter broadens the curve', () => {
    const jittered = curveOf((offset) => {
      const at = (shift: number): number => 0.4 * Math.max(0, 1 - Math.abs(offset + shift - 50) / 100);
      return (at(-30) + at(30)) / 2;
    });

    expect(curveArea(jittered)).toBeCloseTo(40, 5);
    expect(curvePeak(jittered)?.rate).toBeLessThan(0.4);
  });
});

describe('curvePeak', () => {
  it('is the highest rate, not the most hits', () => {
    const points = [
      { offset: 0, trials: 1000, hits: 50 },
      { offset: 10, trials: 100, hits: 40 },
    ];

    expect(curvePeak(points)).toEqual({ offset: 10, rate: 0.4 });
  });

  it('is undefined without a hit', () => {
    expect(curvePeak(curveOf(() => 0))).toBeUndefined();
  });
});

describe('halfWidth', () => {
  it('is exact for a triangle', () => {
    expect(halfWidth(triangle)).toBeCloseTo(100, 9);
  });

  it('is that of the normal density for one', () => {
    const normal = curveOf((offset) => 0.3 * Math.exp(-(offset ** 2) / (2 * 40 ** 2)));

    // 2 sqrt(2 ln 2) standard deviations; straight lines between points 10 apart cost a little.
    expect(halfWidth(normal)).toBeCloseTo(94.19, 0);
  });

  it('is not ended by one low point inside the peak', () => {
    const dented = triangle.map((point) => (point.offset === 30 ? { ...point, hits: 0 } : point));

    expect(halfWidth(dented)).toBeCloseTo(100, 9);
  });

  it('is undefined for a curve that is cut off before it falls to half, and for one without a hit', () => {
    expect(halfWidth(triangle.filter(({ offset }) => offset <= 70))).toBeUndefined();
    expect(halfWidth(curveOf(() => 0))).toBeUndefined();
  });
});

describe('plateauRate', () => {
  it('is the pooled rate of the lower end', () => {
    const slope = curveOf((offset) => (offset < 0 ? 0.001 : 0.1));

    expect(plateauRate(slope)).toBeCloseTo(0.001, 9);
  });
});

describe('pooledByOffset', () => {
  it('loses no trial and no hit', () => {
    const samples = fc.array(
      fc.record({ offset: fc.integer({ min: -3, max: 3 }), trials: fc.nat(100), hits: fc.nat(100) }),
    );
    fc.assert(
      fc.property(samples, (all) => {
        const pooled = pooledByOffset(all);
        const sum = (points: readonly CurvePoint[], of: 'trials' | 'hits'): number =>
          points.reduce((total, point) => total + point[of], 0);

        expect(sum(pooled, 'trials')).toBe(sum(all, 'trials'));
        expect(sum(pooled, 'hits')).toBe(sum(all, 'hits'));
        expect(new Set(pooled.map(({ offset }) => offset)).size).toBe(pooled.length);
      }),
    );
  });
});

describe('standsOut', () => {
  /** Six stays at each offset whose hits are drawn one by one, as long as rates are as low as here. */
  function samplesOf(rateOf: (offset: number) => number, seed: number): CurvePoint[] {
    const prng = new Prng(seed);
    const trials = 2_000;
    return Array.from({ length: 6 * 41 }, (_, index) => {
      const offset = -200 + 10 * (index % 41);
      let hits = 0;
      for (let trial = 0; trial < trials; trial++) if (prng.nextFloat() < rateOf(offset)) hits++;
      return { offset, trials, hits };
    });
  }

  it('finds a peak', () => {
    const samples = samplesOf((offset) => (Math.abs(offset - 50) < 25 ? 0.02 : 0.001), 1);

    expect(standsOut({ samples, confidence: 0.95 })).toBe(true);
  });

  it('finds none in a flat curve, high or low, whatever its chance ups and downs', () => {
    for (let seed = 1; seed <= 10; seed++) {
      for (const rate of [0.02, 0.0005, 0.00002]) {
        const samples = samplesOf(() => rate, seed);

        expect(standsOut({ samples, confidence: 0.95 }), `rate ${rate}, seed ${seed}`).toBe(false);
      }
    }
  });

  it('finds none without a hit', () => {
    expect(standsOut({ samples: samplesOf(() => 0, 1), confidence: 0.95 })).toBe(false);
  });
});
