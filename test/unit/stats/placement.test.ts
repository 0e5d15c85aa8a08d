import { describe, expect, it } from 'vitest';
import { placementAt, placementsOf } from '../../../src/stats/placement.ts';
import { Prng } from '../../../src/stats/prng.ts';

const prng = new Prng(3);
const around = (ns: number, count: number, spread: number): number[] =>
  Array.from({ length: count }, () => ns * Math.exp(spread * (2 * prng.nextFloat() - 1)));

describe('placementsOf', () => {
  it('tells the two placements of the measured host apart, whatever their order', () => {
    const trips = prng.shuffle([...around(110, 20, 0.15), ...around(420, 9, 0.15)]);
    const placements = placementsOf(trips);
    expect(placements).toHaveLength(2);
    expect(placements[0]?.roundTripNs).toBeGreaterThan(95);
    expect(placements[0]?.roundTripNs).toBeLessThan(128);
    expect(placements[1]?.roundTripNs).toBeGreaterThan(360);
    expect(trips.filter((ns) => placementAt(placements, ns) === 0)).toHaveLength(20);
    expect(placementAt(placements, 5000)).toBe(1);
  });

  it('sees one placement where round trips only scatter', () => {
    // 200 sets each: uniform in the logarithm, and one with a few outliers, as a busy host gives them.
    for (let set = 0; set < 200; set += 1) {
      expect(placementsOf(around(150, 40, 0.3))).toHaveLength(1);
      expect(placementsOf([...around(150, 40, 0.1), 900, 1100])).toHaveLength(1);
    }
  });

  it('has nothing to say without round trips, and one placement for few', () => {
    expect(placementsOf([])).toEqual([]);
    expect(placementAt([], 100)).toBeUndefined();
    expect(placementsOf([100, 400])).toEqual([{ roundTripNs: 250, upToNs: Infinity }]);
    expect(placementsOf([100, 100, 100, 100])).toHaveLength(1);
  });
});
