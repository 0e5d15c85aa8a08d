import { describe, expect, it } from 'vitest';
import { type EstimateAt, independentRatio } from '../../../src/stats/independent-ratio.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { rateInterval } from '../../../src/stats/rate-interval.ts';
import { rescaledInterval } from '../../../src/stats/rescaled-interval.ts';
import { welchRatio } from '../../../src/stats/welch-ratio.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';
import { twoLevelBlocks } from './synthetic-blocks.ts';

const confidence = 0.95;
const ALL = 1000;

/** The rate of a run of ten starts. */
function rateOf(prng: Prng, rate: number, between: number): EstimateAt {
  const blocks = twoLevelBlocks(prng, {
    starts: 10,
    blocks: 4,
    trials: 1e5,
    rate,
    between,
    variation: 0.2,
    correlation: 0,
  });
  return (asked) => {
    const { rate: value, low, high } = rateInterval({ blocks, confidence: asked, designEffect: 2 });
    return { value, low, high };
  };
}

describe('independentRatio', () => {
  it.each([
    ['equal rates', 1e-3, 1e-3, 0.3],
    ['five times the rate', 1e-3, 5e-3, 0.3],
    ['rates of starts that differ by half', 1e-3, 1e-3, 0.5],
    ['few hits', 5e-6, 1e-5, 0.1],
  ])('covers the true ratio of two rates: %s', (_name, before, after, between) => {
    const prng = new Prng(5);
    let [covered, excluding] = [0, 0];
    for (let run = 0; run < runsOf(ALL); run += 1) {
      const [a, b] = [rateOf(prng, before, between), rateOf(prng, after, between)];
      const found = independentRatio({ a, b, confidence });
      const truth = after / before;
      if (found === undefined || (found.low <= truth && truth <= found.high)) covered += 1;
      if (found !== undefined && found.pValue <= 0.05) excluding += 1;
    }

    expect(covered / runsOf(ALL)).toBeGreaterThanOrEqual(0.93 - leeway(0.05, ALL));
    const most = before === after ? 0.07 + leeway(0.05, ALL) : 1;
    expect(excluding / runsOf(ALL)).toBeLessThanOrEqual(most);
  });

  it('has a p-value that says at which confidence its interval comes to 1', () => {
    const at = (value: number): EstimateAt =>
      rescaledInterval({ value, low: value / 1.2, high: value * 1.2, confidence });
    const found = independentRatio({ a: at(1), b: at(1.4), confidence });
    const { low } = independentRatio({ a: at(1), b: at(1.4), confidence: 1 - (found?.pValue ?? 0) }) ?? {
      low: 0,
    };

    expect(found?.ratio).toBeCloseTo(1.4, 12);
    expect(low).toBeCloseTo(1, 6);
    expect(found?.pValue).toBeLessThan(0.05);
  });

  it('gives bounds where one of the two is 0, and no ratio', () => {
    const some = rescaledInterval({ value: 100, low: 50, high: 200, confidence });
    const zero = rescaledInterval({ value: 0, low: 0, high: 2, confidence });

    const grown = independentRatio({ a: zero, b: some, confidence });
    expect(grown).toMatchObject({ ratio: null, high: Infinity });
    expect(grown?.low).toBeGreaterThan(10);
    expect(grown?.pValue).toBeLessThan(0.001);
    const gone = independentRatio({ a: some, b: zero, confidence });
    expect(gone).toMatchObject({ ratio: null, low: 0 });
    expect(gone?.high).toBeCloseTo(1 / (grown?.low ?? 0), 12);
    expect(independentRatio({ a: zero, b: zero, confidence })).toBeUndefined();
    expect(() => independentRatio({ a: some, b: some, confidence: 95 })).toThrow(RangeError);
  });
});

describe('rescaledInterval', () => {
  it('is the interval at its own confidence, and wider at a higher one; a zero has the bound of a Poisson mean', () => {
    const at = rescaledInterval({ value: 10, low: 8, high: 13, confidence, degrees: 4 });

    expect(at(confidence).low).toBeCloseTo(8, 12);
    expect(at(confidence).high).toBeCloseTo(13, 12);
    expect(at(0.99).low).toBeLessThan(8);
    expect(rescaledInterval({ value: 0, low: 0, high: 3, confidence })(0.99).high).toBeCloseTo(
      (3 * Math.log(0.01)) / Math.log(0.05),
      12,
    );
  });
});

describe('welchRatio', () => {
  it('is a ratio of geometric means with an interval that needs two of both', () => {
    const { ratio, low, high } = welchRatio({ a: [0, 0.2, -0.2], b: [1, 1.1, 0.9], confidence });

    expect(ratio).toBeCloseTo(Math.E, 12);
    expect(low).toBeLessThan(ratio);
    expect(high).toBeGreaterThan(ratio);
    expect(welchRatio({ a: [0, 0], b: [1, 1], confidence })).toEqual({
      ratio: Math.E,
      low: Math.E,
      high: Math.E,
    });
    expect(() => welchRatio({ a: [0], b: [1, 1], confidence })).toThrow(RangeError);
  });
});
