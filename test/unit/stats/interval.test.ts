import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaQuantile, betaTails } from '../../../src/stats/beta.ts';
import { gammaQuantile, gammaTails } from '../../../src/stats/gamma.ts';
import { binomialInterval, poissonInterval, zeroBound } from '../../../src/stats/interval.ts';
import {
  normalMultiplier,
  normalProbability,
  normalQuantile,
  studentMultiplier,
} from '../../../src/stats/student.ts';

function relativeError(value: number, truth: number): number {
  return Math.abs(value / truth - 1);
}

describe('betaQuantile', () => {
  // Differences of log-gamma values fail from the sixth row on (8e-4 at n = 1e12).
  it.each([
    [0.025, 5, 96, 0.01643187918205216],
    [0.975, 6, 95, 0.11283491110546275],
    [0.025, 500, 501, 0.46854917297179194],
    [0.975, 1, 1e6, 3.688872650206488e-6],
    [0.975, 6, 999_995, 1.1668293175208817e-5],
    [0.025, 3e6, 1e9 - 3e6 + 1, 0.002996611277333133],
    [0.975, 3e6 + 1, 1e9 - 3e6, 0.00300339160017079],
    [0.025, 1, 1e9, 2.531780798396938e-11],
    // From here on scipy 1.17, whose own error is up to 4e-10 at 1e12.
    [0.025, 1e6, 1e12, 9.980399862787814e-7],
    [0.975, 1e6, 1e12, 1.0019599080236658e-6],
    [0.025, 5e11, 5e11, 0.4999990200180078],
    [0.025, 3e9, 1e12, 0.0029909200498095256],
  ])('at %f for shapes %f and %f is %f', (p, a, b, truth) => {
    expect(relativeError(betaQuantile({ p, a, b }), truth)).toBeLessThan(b < 1e10 ? 1e-12 : 1e-9);
  });

  it('inverts the distribution function, whose 40-digit value at n = 1e12 it meets', () => {
    // mpmath with 40 digits; a wrong saddle-point term shows here at once.
    expect(relativeError(betaTails(9.980399862787814e-7, 1e6, 1e12).lower, 0.02500000002259112)).toBeLessThan(
      1e-11,
    );
    expect(
      relativeError(betaTails(0.002996611277333133, 3e6, 997_000_001).lower, 0.0250000000231059),
    ).toBeLessThan(1e-12);
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.05, max: 1e5, noNaN: true }),
        fc.double({ min: 0.05, max: 1e5, noNaN: true }),
        (p, a, b) => {
          const x = betaQuantile({ p, a, b });
          // Near 1 the quantile itself is rounded to 1e-16, which the steep density magnifies.
          fc.pre(x < 0.999_999);
          expect(Math.abs(betaTails(x, a, b).lower - p)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  it('mirrors when the shapes are exchanged', () => {
    expect(betaQuantile({ p: 0.3, a: 7, b: 2 })).toBeCloseTo(1 - betaQuantile({ p: 0.7, a: 2, b: 7 }), 14);
  });
});

describe('gammaQuantile', () => {
  it.each([
    [0.975, 1, 3.6888794541139354],
    [0.025, 1, 0.025317807984289897],
    [0.975, 2, 5.571643390938898],
    [0.025, 10, 4.795388696132434],
    [0.975, 11, 18.39035604201778],
    [0.025, 1e6, 998040.9833402939],
    [0.975, 1e6, 1001960.9109654503],
    [0.975, 1e9, 1000061980.450378],
  ])('at %f for shape %f is %f', (p, shape, truth) => {
    expect(relativeError(gammaQuantile({ p, shape }), truth)).toBeLessThan(1e-12);
  });

  it('inverts the distribution function', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.05, max: 1e5, noNaN: true }),
        (p, shape) => {
          expect(Math.abs(gammaTails(gammaQuantile({ p, shape }), shape).lower - p)).toBeLessThan(1e-10);
        },
      ),
    );
  });
});

describe('normal and Student multipliers', () => {
  it('meet the printed tables', () => {
    expect(normalMultiplier(0.95)).toBeCloseTo(1.959963984540054, 13);
    expect(studentMultiplier({ confidence: 0.95, degrees: 10 })).toBeCloseTo(2.228138851986274, 12);
    expect(studentMultiplier({ confidence: 0.95, degrees: 1 })).toBeCloseTo(12.706204736174707, 10);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959963984540054, 12);
    expect(normalProbability(normalQuantile(0.2))).toBeCloseTo(0.2, 13);
  });
});

describe('binomialInterval', () => {
  it('has the closed form without hits and with nothing but hits', () => {
    const none = binomialInterval({ hits: 0, trials: 1e9, confidence: 0.95 });
    expect(none.low).toBe(0);
    expect(relativeError(none.high, -Math.expm1(Math.log(0.025) / 1e9))).toBeLessThan(1e-12);
    const all = binomialInterval({ hits: 20, trials: 20, confidence: 0.95 });
    expect(all.high).toBe(1);
    expect(all.low).toBeCloseTo(0.025 ** (1 / 20), 14);
  });

  it('joins the closed form continuously: the general formula at 0 hits would give the same', () => {
    const closed = binomialInterval({ hits: 0, trials: 1000, confidence: 0.95 }).high;
    expect(relativeError(betaQuantile({ p: 0.975, a: 1, b: 1000 }), closed)).toBeLessThan(1e-12);
  });

  it('contains the share of hits and moves up with every hit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(), (trials, draw) => {
        const hits = draw % trials;
        const here = binomialInterval({ hits, trials, confidence: 0.95 });
        const next = binomialInterval({ hits: hits + 1, trials, confidence: 0.95 });
        expect(here.low).toBeLessThanOrEqual(hits / trials);
        expect(here.high).toBeGreaterThan(hits / trials);
        expect(next.low).toBeGreaterThan(here.low);
        expect(next.high).toBeGreaterThan(here.high);
      }),
    );
  });

  it('covers at least 95 % for every true share, by exact enumeration', () => {
    // The Wald interval covers 11 % at 0.01 here; an off-by-one in a shape drops below 95 % at once.
    const trials = 12;
    for (let percent = 1; percent < 100; percent += 1) {
      const share = percent / 100;
      let covered = 0;
      let probability = (1 - share) ** trials;
      for (let hits = 0; hits <= trials; hits += 1) {
        const { low, high } = binomialInterval({ hits, trials, confidence: 0.95 });
        if (low <= share && share <= high) covered += probability;
        probability *= ((trials - hits) / (hits + 1)) * (share / (1 - share));
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('refuses what cannot be a proportion', () => {
    expect(() => binomialInterval({ hits: 3, trials: 2, confidence: 0.95 })).toThrow(/hits/);
    expect(() => binomialInterval({ hits: 0, trials: 0, confidence: 0.95 })).toThrow(/trials/);
    expect(() => binomialInterval({ hits: 0, trials: 2, confidence: 95 })).toThrow(/such as 0.95/);
  });
});

describe('poissonInterval', () => {
  it('meets the exact table', () => {
    const none = poissonInterval({ count: 0, confidence: 0.95 });
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(3.6888794541139354, 13);
    const ten = poissonInterval({ count: 10, confidence: 0.95 });
    expect(ten.low).toBeCloseTo(4.795388696132434, 12);
    expect(ten.high).toBeCloseTo(18.39035604201778, 12);
  });

  it('is the limit of the binomial interval for rare hits', () => {
    const { low, high } = binomialInterval({ hits: 10, trials: 1e12, confidence: 0.95 });
    const poisson = poissonInterval({ count: 10, confidence: 0.95 });
    expect(relativeError(low * 1e12, poisson.low)).toBeLessThan(1e-9);
    expect(relativeError(high * 1e12, poisson.high)).toBeLessThan(1e-9);
  });

  it('refuses a negative count', () => {
    expect(() => poissonInterval({ count: -1, confidence: 0.95 })).toThrow(RangeError);
  });
});

describe('zeroBound', () => {
  it('is about 3 / n at 95 % and 4.6 / n at 99 %', () => {
    expect(zeroBound({ trialsEffective: 1e6, confidence: 0.95 }) * 1e6).toBeCloseTo(2.9957, 3);
    expect(zeroBound({ trialsEffective: 1e6, confidence: 0.99 }) * 1e6).toBeCloseTo(4.6052, 3);
    // Exactly the rate at which silence has probability 5 %.
    expect((1 - zeroBound({ trialsEffective: 40, confidence: 0.95 })) ** 40).toBeCloseTo(0.05, 14);
  });

  it('refuses an empty exposure', () => {
    expect(() => zeroBound({ trialsEffective: 0, confidence: 0.95 })).toThrow(RangeError);
  });
});
