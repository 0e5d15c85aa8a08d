/**
 * A curve of hit rates over an offset, such as that of a race window: its peak, its full width at half maximum and the area
 * under it. The area is what describes the window best: jitter of the offset broadens the curve and lowers its peak, but
 * keeps its area, which is how long the window is open in the unit of the offset.
 */

import { rateInterval } from './rate-interval.ts';

/** One point of a curve. */
export interface CurvePoint {
  readonly offset: number;
  /** Whole number of 0 or above; a point without trials has no rate and is left out. */
  readonly trials: number;
  /** From 0 to `trials`. */
  readonly hits: number;
}

/** The highest point of a curve. */
export interface CurvePeak {
  readonly offset: number;
  readonly rate: number;
}

/** A point in the plane. */
interface Spot {
  readonly offset: number;
  readonly rate: number;
}

/** Rates by ascending offset; points without trials are left out. */
function spotsOf(points: readonly CurvePoint[]): Spot[] {
  return points
    .filter(({ trials }) => trials > 0)
    .map(({ offset, trials, hits }) => ({ offset, rate: hits / trials }))
    .toSorted((a, b) => a.offset - b.offset);
}

/** The area under the curve by the trapezoidal rule, in the unit of the offset; 0 with fewer than two points. */
export function curveArea(points: readonly CurvePoint[]): number {
  const line = spotsOf(points);
  let area = 0;
  for (const [index, { offset, rate }] of line.entries()) {
    const before = line[index - 1];
    if (before !== undefined) area += ((rate + before.rate) / 2) * (offset - before.offset);
  }
  return area;
}

/** The point of the highest rate, the first of equal ones; undefined if no point has a hit. */
export function curvePeak(points: readonly CurvePoint[]): CurvePeak | undefined {
  let peak: Spot | undefined;
  for (const spot of spotsOf(points)) if (spot.rate > (peak?.rate ?? 0)) peak = spot;
  return peak;
}

/**
 * The full width at half maximum: between the crossings of half the peak's rate on both sides of the peak, by linear
 * interpolation. A crossing counts once two neighbors in a row lie below, so that one low point does not end the
 * peak; undefined if the curve has no hit or is cut off before it falls that far.
 */
export function halfWidth(points: readonly CurvePoint[]): number | undefined {
  const peak = curvePeak(points);
  if (peak === undefined) return undefined;
  const line = spotsOf(points);
  const right = crossing(
    line.filter(({ offset }) => offset >= peak.offset),
    peak.rate / 2,
  );
  const left = crossing(line.filter(({ offset }) => offset <= peak.offset).toReversed(), peak.rate / 2);
  return right === undefined || left === undefined ? undefined : right - left;
}

/** Where a line that starts above `level` falls below it for good. */
function crossing(line: readonly Spot[], level: number): number | undefined {
  for (const [index, spot] of line.entries()) {
    const before = line[index - 1];
    const after = line[index + 1];
    if (before === undefined || spot.rate >= level) continue;
    if (before.rate < level || (after !== undefined && after.rate >= level)) continue;
    const part = (before.rate - level) / (before.rate - spot.rate);
    return before.offset + part * (spot.offset - before.offset);
  }
  return undefined;
}

/** Share of the points, by offset, at either end of a curve that make up its plateau. */
const PLATEAU_SHARE = 0.15;

/**
 * The rate far from the peak: the pooled rate of the 15 % of the points at the end of the curve that is lower;
 * at least two points, 0 without trials.
 */
export function plateauRate(points: readonly CurvePoint[]): number {
  const sorted = points.filter(({ trials }) => trials > 0).toSorted((a, b) => a.offset - b.offset);
  const count = Math.max(2, Math.round(PLATEAU_SHARE * sorted.length));
  return Math.min(pooled(sorted.slice(0, count)), pooled(sorted.slice(-count)));
}

/**
 * Whether a peak stands out of the rest. Half of the samples say where it is, at all offsets with at least half of the
 * highest rate; the other half must show there, by the lower end of its interval, more than twice the rate of the lower half
 * of the offsets. So what is tested was not picked for being high, and chance alone makes no peak.
 *
 * @param options.samples - One stay at an offset each, in time order.
 */
export function standsOut(options: {
  readonly samples: readonly CurvePoint[];
  readonly confidence: number;
}): boolean {
  const seen = new Map<number, number>();
  const picking: CurvePoint[] = [];
  const testing: CurvePoint[] = [];
  for (const sample of options.samples) {
    const turn = seen.get(sample.offset) ?? 0;
    seen.set(sample.offset, turn + 1);
    (turn % 2 === 0 ? picking : testing).push(sample);
  }
  const ranked = spotsOf(pooledByOffset(picking)).toSorted((a, b) => a.rate - b.rate);
  const highest = ranked.at(-1)?.rate ?? 0;
  if (highest === 0 || ranked.length < 4) return false;
  const low = new Set(ranked.slice(0, Math.ceil(ranked.length / 2)).map(({ offset }) => offset));
  const high = new Set(ranked.filter(({ rate }) => rate >= highest / 2).map(({ offset }) => offset));
  const rest = testing.filter(({ offset }) => low.has(offset) && !high.has(offset));
  const peak = testing.filter(({ offset, trials }) => high.has(offset) && trials > 0);
  if (peak.length === 0 || rest.length === 0) return false;
  return rateInterval({ blocks: peak, confidence: options.confidence }).low > 2 * pooled(rest);
}

/** The counts of all samples, added up by offset, in ascending order of the offsets. */
export function pooledByOffset(samples: readonly CurvePoint[]): CurvePoint[] {
  const sums = new Map<number, { trials: number; hits: number }>();
  for (const { offset, trials, hits } of samples) {
    const sum = sums.get(offset) ?? { trials: 0, hits: 0 };
    sums.set(offset, { trials: sum.trials + trials, hits: sum.hits + hits });
  }
  return [...sums]
    .map(([offset, { trials, hits }]) => ({ offset, trials, hits }))
    .toSorted((a, b) => a.offset - b.offset);
}

function pooled(points: readonly CurvePoint[]): number {
  const trials = points.reduce((sum, point) => sum + point.trials, 0);
  return trials === 0 ? 0 : points.reduce((sum, point) => sum + point.hits, 0) / trials;
}
