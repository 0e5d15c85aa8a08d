import { describe, expect, it } from 'vitest';
import { areaInterval } from '../../../src/stats/area-interval.ts';
import { curveArea, type CurvePoint } from '../../../src/stats/curve.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { casesOf } from '../../helpers/calibration.ts';

const OFFSETS = [-40, -20, 0, 20, 40];
const rateOf = (offset: number): number => 0.3 * Math.max(0, 1 - Math.abs(offset) / 50);

/** The curve of one unit, higher or lower than the true one by a factor of mean 1. */
function unitOf(factor: number): CurvePoint[] {
  const trials = 1e6;
  return OFFSETS.map((offset) => ({ offset, trials, hits: Math.round(trials * rateOf(offset) * factor) }));
}

function normal(prng: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - prng.nextFloat())) * Math.cos(2 * Math.PI * prng.nextFloat());
}

describe('areaInterval', () => {
  const curves = casesOf([
    { units: 6, spread: 0.2 },
    { units: 12, spread: 0.2 },
    { units: 6, spread: 0.1 },
  ]);

  it.each(curves)(
    'covers the true area of curves that vary by $spread in $units units',
    ({ units, spread }) => {
      const prng = new Prng(units);
      const truth = curveArea(unitOf(1));
      const runs = 150;
      // What 95 % of the areas of so many units of a known spread are within.
      const ideal = (2 * 1.96 * spread) / Math.sqrt(units);
      let covered = 0;
      let width = 0;
      for (let run = 0; run < runs; run++) {
        const sample = Array.from({ length: units }, () =>
          unitOf(Math.exp(spread * normal(prng) - spread ** 2 / 2)),
        );
        const interval = areaInterval({ units: sample, confidence: 0.95, prng });
        const { low, high } = interval ?? { low: NaN, high: NaN };
        if (low <= truth && truth <= high) covered++;
        width += Math.log(high / low) / runs;
      }

      // The standard deviation of the share is 1.8 points at 95 %: 89 % is more than three below, 98.5 % two above.
      expect(covered / runs).toBeGreaterThan(0.89);
      expect(covered / runs).toBeLessThan(0.985);
      // Student's multiplier for five degrees of freedom is 1.31 times the normal one.
      expect(width / ideal).toBeGreaterThan(1);
      expect(width / ideal).toBeLessThan(1.35);
    },
  );

  it('holds the area itself, and is narrow where the units agree', () => {
    const interval = areaInterval({
      units: [unitOf(0.99), unitOf(1), unitOf(1.01), unitOf(1)],
      confidence: 0.95,
      prng: new Prng(1),
    });
    const area = curveArea(unitOf(1));

    expect(interval?.low).toBeLessThan(area);
    expect(interval?.low).toBeGreaterThan(0.95 * area);
    expect(interval?.high).toBeGreaterThan(area);
    expect(interval?.high).toBeLessThan(1.05 * area);
  });

  it('says nothing of two units, or of none with a hit', () => {
    const prng = new Prng(1);

    expect(areaInterval({ units: [unitOf(1), unitOf(1)], confidence: 0.95, prng })).toBeUndefined();
    expect(areaInterval({ units: Array(4).fill(unitOf(0)), confidence: 0.95, prng })).toBeUndefined();
  });
});
