/**
 * Groups of positive values that lie close together on a logarithmic scale, such as the round trips between two cores that a
 * host keeps moving: a few tight groups, with stray values from interruptions between and above them. A group is a peak of
 * the density of the values with a valley to either side, so that values which only scatter are one group, however wide.
 */

import { median } from './quantile.ts';

/** Values that belong together. */
export interface Cluster {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How many values it holds. */
  readonly count: number;
}

/** The density at a value is the number of values within this factor of it. */
const NEIGHBOR = 1.25;
/** A valley is where the density falls to this share of the next peak, or below. */
const VALLEY = 0.5;
/** A value where the density is below this share of the peak's is a stray. */
const STRAY = 0.25;
/** Logarithm of how far apart densities are taken. */
const STEP = 0.05;
/** Fewer values are no group, however few there are. */
const COUNT_MIN = 3;

/** Where the density is taken: at the values, and in steps between those that lie apart. */
interface Spot {
  readonly density: number;
  /** Undefined between two values. */
  readonly value: number | undefined;
}

/**
 * The groups in ascending order; a value outside all of them is a stray.
 *
 * @param values - Above 0, in any order.
 * @param shareMin - Share of all values that a group has at least; above 0 and up to 1, such as 0.05.
 */
export function clusters(values: readonly number[], shareMin: number): Cluster[] {
  const countMin = Math.max(COUNT_MIN, shareMin * values.length);
  const found: Cluster[] = [];
  let stretches = [spotsOf(values)];
  for (let stretch = stretches.pop(); stretch !== undefined; stretch = stretches.pop()) {
    const peak = peakOf(stretch);
    const density = stretch[peak]?.density ?? 0;
    // Values so far apart are strays, all of them.
    if (density < COUNT_MIN) continue;
    const from = valleyOf(stretch, peak, -1);
    const to = valleyOf(stretch, peak, 1);
    stretches = stretches.concat([stretch.slice(0, from), stretch.slice(to + 1)]);
    const isIn = (spot: Spot): boolean => spot.density >= STRAY * density;
    const first = stretch.slice(from, peak).findLastIndex((spot) => !isIn(spot)) + 1 + from;
    const end = stretch.slice(peak, to + 1).findIndex((spot) => !isIn(spot));
    const own = stretch
      .slice(first, end === -1 ? to + 1 : peak + end)
      .flatMap(({ value }) => (value === undefined ? [] : [value]));
    const [low, high] = [own[0], own.at(-1)];
    if (own.length < countMin || low === undefined || high === undefined) continue;
    found.push({ median: median(own), low, high, count: own.length });
  }
  return found.toSorted((a, b) => a.median - b.median);
}

function spotsOf(values: readonly number[]): Spot[] {
  const sorted = values.toSorted((a, b) => a - b);
  const logs = sorted.map((value) => Math.log(value));
  const reach = Math.log(NEIGHBOR);
  let from = 0;
  let to = 0;
  const spotAt = (at: number, value: number | undefined): Spot => {
    while ((logs[from] ?? Infinity) < at - reach) from += 1;
    while ((logs[to] ?? Infinity) <= at + reach) to += 1;
    return { density: to - from, value };
  };
  return logs.flatMap((log, index) => {
    const gap = (logs[index + 1] ?? log) - log;
    const steps = Math.ceil(gap / STEP);
    const here = spotAt(log, sorted[index]);
    return [here].concat(
      Array.from({ length: Math.max(0, steps - 1) }, (_, step) =>
        spotAt(log + ((step + 1) / steps) * gap, undefined),
      ),
    );
  });
}

/** Index of the highest density, the middle one of equals next to each other. */
function peakOf(spots: readonly Spot[]): number {
  let first = 0;
  for (const [index, { density }] of spots.entries())
    if (density > (spots[first]?.density ?? 0)) first = index;
  const highest = spots[first]?.density;
  let last = first;
  while (spots[last + 1]?.density === highest && last + 1 < spots.length) last += 1;
  return Math.floor((first + last) / 2);
}

/** Where the density is lowest before it rises again, going from a peak in one direction; the end if it does not. */
function valleyOf(spots: readonly Spot[], peak: number, step: -1 | 1): number {
  let lowest = peak;
  let index = peak;
  for (; spots[index] !== undefined; index += step) {
    const here = spots[index]?.density ?? 0;
    const least = spots[lowest]?.density ?? 0;
    if (here <= least) lowest = index;
    else if (here >= COUNT_MIN && least <= VALLEY * here) return lowest;
  }
  return index - step;
}
