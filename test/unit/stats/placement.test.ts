import { describe, expect, it } from 'vitest';
import { placementAt, placementsOf } from '../../../src/stats/placement.ts';
import { Prng } from '../../../src/stats/prng.ts';

const prng = new Prng(3);
const around = (ns: number, count: number, spread: number): number[] =>
  Array.from({ length: count }, () => ns * Math.exp(spread * (2 * prng.nextFloat() - 1)));

describe('placementsOf', () => {
  it('tells the three placements of the measured host apart, whatever their order', () => {
    const trips = prng.shuffle([
      ...around(54, 12, 0.15),
      ...around(110, 20, 0.15),
      ...around(495, 9, 0.15),
      226,
    ]);
    const placements = placementsOf(trips);

    expect(placements.map(({ count }) => count)).toEqual([12, 20, 9]);
    for (const [index, ns] of [54, 110, 495].entries()) {
      expect(placements[index]?.roundTripNs).toBeGreaterThan(ns * 0.9);
      expect(placements[index]?.roundTripNs).toBeLessThan(ns * 1.1);
    }
    for (const [index, { count }] of placements.entries()) {
      expect(trips.filter((ns) => placementAt(placements, ns) === index)).toHaveLength(count);
    }
  });

  it('has strays in no placement', () => {
    const placements = placementsOf([...around(110, 20, 0.1), ...around(495, 20, 0.1), 226, 5_000]);

    expect([226, 5_000, 20].map((ns) => placementAt(placements, ns))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(placementAt(placements, 110)).toBe(0);
  });

  it('sees one placement where round trips only scatter', () => {
    // 200 sets each: uniform in the logarithm, and one with a few outliers, as a busy host gives them.
    for (let set = 0; set < 200; set += 1) {
      expect(placementsOf(around(150, 40, 0.3))).toHaveLength(1);
      expect(placementsOf([...around(150, 40, 0.1), 900, 1100])).toHaveLength(1);
    }
  });

  it('has nothing to say without round trips, or with few that differ', () => {
    expect(placementsOf([])).toEqual([]);
    expect(placementAt([], 100)).toBeUndefined();
    expect(placementsOf([100, 400])).toEqual([]);
    expect(placementsOf([100, 101, 100, 102])).toEqual([
      { roundTripNs: 100.5, rangeNs: [100, 102], count: 4 },
    ]);
  });
});
