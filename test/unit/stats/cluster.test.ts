import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../../src/stats/cluster.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { runsOf } from '../../helpers/calibration.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const SHARE_MIN = 0.08;
/**
 * Which values were drawn is a matter of chance: in one of 30,000 mixtures a stray fills the valley beside a placement of
 * five values. So the draws of what is true of nearly all are fixed.
 */
const FIXED = { seed: 1 };
/** Round trips of the measured host, in ns. */
const PLACEMENTS = [54, 110, 495];

/** `count` values spread evenly on the logarithmic scale, up to `spread` to either side. */
function around(
  center: number,
  { count, spread, prng }: { count: number; spread: number; prng: Prng },
): number[] {
  return Array.from({ length: count }, () => center * Math.exp(spread * (2 * prng.nextFloat() - 1)));
}

/** A sum of six is close enough to a normal distribution. */
function bell(center: number, { count, sd, prng }: { count: number; sd: number; prng: Prng }): number[] {
  const normal = (): number =>
    Array.from({ length: 6 }, () => prng.nextFloat() - 0.5).reduce((sum, each) => sum + each, 0) * Math.SQRT2;
  return Array.from({ length: count }, () => center * Math.exp(sd * normal()));
}

/** Values anywhere from 20 to 3,000, evenly on the logarithmic scale. */
function strays(count: number, prng: Prng): number[] {
  return around(Math.sqrt(20 * 3_000), { count, spread: Math.log(150) / 2, prng });
}

describe('clusters', () => {
  it('finds the placements of a mixture, each with its own values, beside strays', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(seeds, counts, fc.double({ min: 0, max: 0.15, noNaN: true }), (seed, drawn, spread) => {
        const prng = new Prng(seed);
        // A placement is not met at all, or in 12 % of the values and at least five of them: strays do not fill a valley.
        const sum = drawn.reduce((total, count) => total + count, 0);
        const met = drawn.map((count) => (count < Math.max(5, 0.12 * sum) ? 0 : count));
        const all = met.reduce((total, count) => total + count, 0);
        const groups = PLACEMENTS.map((center, index) =>
          around(center, { count: met[index] ?? 0, spread, prng }),
        );
        const values = prng.shuffle([...groups.flat(), ...strays(Math.floor(all / 20), prng)]);

        const found = clusters(values, SHARE_MIN);

        const expected = groups.filter(({ length }) => length > 0);
        expect(found).toHaveLength(expected.length);
        for (const [index, own] of expected.entries()) {
          const { low = 0, high = 0, count = 0, median = 0 } = found[index] ?? {};
          const inside = own.filter((value) => value >= low && value <= high).length;
          expect(inside).toBe(own.length);
          // What else it holds are strays that fell within its reach.
          expect(count - inside).toBeLessThanOrEqual(Math.floor(all / 20));
          expect(median).toBeGreaterThan(Math.min(...own) / 1.25);
          expect(median).toBeLessThan(Math.max(...own) * 1.25);
        }
      }),
      { ...FIXED, numRuns: runsOf(500) },
    );
  });

  it('never splits one placement, however its round trips scatter', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 3, max: 400 }),
        fc.double({ min: 0, max: 0.12, noNaN: true }),
        (seed, count, sd) => {
          const prng = new Prng(seed);
          const extra = strays(Math.floor(count / 20), prng);
          expect(
            clusters([...bell(110, { count, sd, prng }), ...extra], SHARE_MIN).length,
          ).toBeLessThanOrEqual(1);
          const even = around(110, { count, spread: 2 * sd, prng });
          expect(clusters([...even, ...extra], SHARE_MIN).length).toBeLessThanOrEqual(1);
          // As interruptions lengthen them: a sharp lower end and a long tail.
          const long = Array.from({ length: count }, () => 110 * (1 - sd * Math.log(1 - prng.nextFloat())));
          expect(clusters([...long, ...extra], SHARE_MIN).length).toBeLessThanOrEqual(1);
        },
      ),
      { ...FIXED, numRuns: runsOf(1_000) },
    );
  });

  it('has one group of most of the values, where they are of one placement', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 12, max: 400 }), (seed, count) => {
        const values = bell(110, { count, sd: 0.12, prng: new Prng(seed) });
        expect(clusters(values, SHARE_MIN)[0]?.count).toBeGreaterThan(0.8 * count);
      }),
      { ...FIXED, numRuns: 300 },
    );
  });

  it('does not depend on the order or on the unit', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 40 }), (seed, count) => {
        const prng = new Prng(seed);
        const values = [
          ...around(54, { count, spread: 0.1, prng }),
          ...around(495, { count: 20, spread: 0.1, prng }),
        ];
        const found = clusters(values, SHARE_MIN);

        expect(clusters(prng.shuffle(values), SHARE_MIN)).toEqual(found);
        const doubled = clusters(
          values.map((value) => 2 * value),
          SHARE_MIN,
        );
        expect(doubled).toEqual(
          found.map(({ median, low, high, count: own }) => ({
            median: 2 * median,
            low: 2 * low,
            high: 2 * high,
            count: own,
          })),
        );
      }),
    );
  });

  it('does not count a placement that was met too rarely', () => {
    const prng = new Prng(1);
    const values = [
      ...around(107, { count: 97, spread: 0.1, prng }),
      ...around(420, { count: 3, spread: 0.1, prng }),
    ];
    expect(clusters(values, 0.05)).toHaveLength(1);
    expect(clusters(values, 0.03)).toHaveLength(2);
  });

  it('finds none in nothing, in too few and in strays alone', () => {
    expect(clusters([], 0.05)).toEqual([]);
    expect(clusters([100, 100], 0.05)).toEqual([]);
    expect(clusters([50, 100, 200, 400, 800], 0.05)).toEqual([]);
    expect(clusters([100, 100, 100], 0.05)).toEqual([{ median: 100, low: 100, high: 100, count: 3 }]);
  });
});
