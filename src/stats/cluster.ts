/**
 * Groups of positive values that lie close together on a logarithmic scale, such as the round trips between two cores that a
 * host keeps moving: a few tight groups, with stray values from interruptions between and above them.
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

/** Values within this factor of each other are neighbors. */
const NEIGHBOR = 1.12;
/** Values within this factor of the densest one belong to its group. */
const REACH = 1.35;

/**
 * The groups in ascending order; a value outside all of them is a stray. Finds the value with most neighbors, takes all
 * within its reach, and repeats while what is left holds a group of at least `shareMin` of all values.
 *
 * @param shareMin - Above 0 and up to 1, such as 0.05.
 */
export function clusters(values: readonly number[], shareMin: number): Cluster[] {
  const found: Cluster[] = [];
  const countMin = Math.max(2, shareMin * values.length);
  let left = values.toSorted((a, b) => a - b);
  for (;;) {
    const center = densest(left);
    if (center === undefined) break;
    const isNear = (value: number): boolean => value >= center / REACH && value <= center * REACH;
    const near = left.filter(isNear);
    if (near.length < countMin) break;
    found.push({
      median: median(near),
      low: near[0] ?? center,
      high: near.at(-1) ?? center,
      count: near.length,
    });
    left = left.filter((value) => !isNear(value));
  }
  return found.toSorted((a, b) => a.median - b.median);
}

/** The value with most neighbors in a sorted list, the middle one of equals. */
function densest(sorted: readonly number[]): number | undefined {
  let best: number[] = [];
  let bestCount = 0;
  let from = 0;
  let to = 0;
  for (const value of sorted) {
    while ((sorted[from] ?? Infinity) < value / NEIGHBOR) from += 1;
    while ((sorted[to] ?? Infinity) <= value * NEIGHBOR) to += 1;
    if (to - from > bestCount) {
      bestCount = to - from;
      best = [];
    }
    if (to - from === bestCount) best.push(value);
  }
  return best[Math.floor(best.length / 2)];
}
