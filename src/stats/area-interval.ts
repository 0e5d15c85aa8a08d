/**
 * The interval of the area under a curve by a bootstrap over units that are repeated as a whole, such as sweeps or starts
 * of the threads: each holds counts for all offsets, and what the units share, drift of the host or code that the
 * compiler made differently, moves whole curves up and down.
 *
 * Units are few. A percentile bootstrap of n units draws from a distribution that is too narrow by sqrt((n - 1) / n)
 * and normal where it should be Student's; its ends are stretched about the area by both, on a logarithmic scale since
 * an area is positive. Coverage of the nominal 95 % interval with 6 to 24 units: test/unit/stats/area-interval.test.ts.
 */

import { bootstrapInterval } from './bootstrap.ts';
import { curveArea, type CurvePoint, pooledByOffset } from './curve.ts';
import type { Interval } from './interval.ts';
import type { Prng } from './prng.ts';
import { normalMultiplier, studentMultiplier } from './student.ts';

/** Fewer units say nothing about how they vary. */
export const UNITS_MIN = 3;

/**
 * The interval of the area under the pooled curve.
 *
 * @param options.units - Counts by offset of each unit; points of the same offset are added up.
 * @returns `undefined` with fewer than three units or without a hit.
 * @throws {RangeError} If `confidence` is not between 0 and 1.
 */
export function areaInterval(options: {
  readonly units: readonly (readonly CurvePoint[])[];
  readonly confidence: number;
  readonly prng: Prng;
}): Interval | undefined {
  const { confidence, prng } = options;
  const units = options.units.filter((unit) => unit.some(({ trials }) => trials > 0));
  const area = curveArea(pooledByOffset(units.flat()));
  if (units.length < UNITS_MIN || area === 0) return undefined;
  const table = tableOf(units);
  const { low, high } = bootstrapInterval({
    blocks: table.rows,
    statistic: (sample) => areaOf(table.offsets, sample),
    confidence,
    prng,
    method: 'percentile',
  });
  const degrees = units.length - 1;
  const stretch =
    (studentMultiplier({ confidence, degrees }) / normalMultiplier(confidence)) *
    Math.sqrt(units.length / degrees);
  return { low: area * (low / area) ** stretch, high: area * (high / area) ** stretch };
}

/** Trials and hits of a unit by the index of the offset. */
interface Row {
  readonly trials: Float64Array;
  readonly hits: Float64Array;
}

/** The same counts as arrays: a bootstrap adds them up thousands of times. */
function tableOf(units: readonly (readonly CurvePoint[])[]): {
  readonly offsets: readonly number[];
  readonly rows: readonly Row[];
} {
  const offsets = pooledByOffset(units.flat()).map(({ offset }) => offset);
  const indices = new Map(offsets.map((offset, index) => [offset, index]));
  const rows = units.map((unit) => {
    const row = { trials: new Float64Array(offsets.length), hits: new Float64Array(offsets.length) };
    for (const { offset, trials, hits } of unit) {
      const index = indices.get(offset) ?? 0;
      row.trials[index] = (row.trials[index] ?? 0) + trials;
      row.hits[index] = (row.hits[index] ?? 0) + hits;
    }
    return row;
  });
  return { offsets, rows };
}

function areaOf(offsets: readonly number[], sample: readonly Row[]): number {
  return curveArea(
    offsets.map((offset, index) => {
      let trials = 0;
      let hits = 0;
      for (const row of sample) {
        trials += row.trials[index] ?? 0;
        hits += row.hits[index] ?? 0;
      }
      return { offset, trials, hits };
    }),
  );
}
