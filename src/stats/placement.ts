/**
 * Which placement of the virtual cores a block was measured in. The host moves them within seconds, the round
 * trip between two cores jumps (110 and 420 ns on one machine), and the rate of the same code with it, up to
 * 40-fold. A rate over both placements belongs to the mixture that one run happened to meet, and the next run
 * meets another: rates are given for each placement as well.
 */

import { median } from './quantile.ts';

/** Placements closer than this ratio of their median round trips are one. */
const RATIO_MIN = 1.5;
/** Share of the variance of log round trips that two placements must explain; a uniform spread gives 0.75. */
const EXPLAINED_MIN = 0.9;
/** A placement with fewer blocks is not told apart. */
const BLOCKS_MIN = 3;

/** Blocks with round trips of about the same size. */
export interface Placement {
  /** Median round trip in ns. */
  readonly roundTripNs: number;
  /** The longest round trip that still belongs to it, in ns. */
  readonly upToNs: number;
}

/**
 * Splits round trips into one or two placements, the nearer one first: the split that explains most of the
 * variance of their logarithms (Otsu, IEEE Trans. SMC 9, 1979), if it explains enough and is wide enough.
 *
 * @param roundTripsNs - Above 0, in any order.
 * @returns None for no round trips; the last one reaches up to Infinity.
 */
export function placementsOf(roundTripsNs: readonly number[]): readonly Placement[] {
  if (roundTripsNs.length === 0) return [];
  const sorted = roundTripsNs.toSorted((left, right) => left - right);
  const one: Placement = { roundTripNs: median(sorted), upToNs: Infinity };
  const logs = sorted.map((ns) => Math.log(ns));
  const total = logs.reduce((sum, log) => sum + log, 0);
  const mean = total / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  let explained = 0;
  let split = 0;
  let below = 0;
  for (const [index, log] of logs.entries()) {
    const count = index + 1;
    below += log;
    const others = logs.length - count;
    if (count < BLOCKS_MIN || others < BLOCKS_MIN) continue;
    const between = (count * others * (below / count - (total - below) / others) ** 2) / logs.length;
    if (between > explained) {
      explained = between;
      split = count;
    }
  }
  if (split === 0 || explained < EXPLAINED_MIN * variance) return [one];
  const near: Placement = { roundTripNs: median(sorted.slice(0, split)), upToNs: sorted[split - 1] ?? 0 };
  const far: Placement = { roundTripNs: median(sorted.slice(split)), upToNs: Infinity };
  return far.roundTripNs >= RATIO_MIN * near.roundTripNs ? [near, far] : [one];
}

/** Index of the placement that a round trip belongs to; undefined if there is none. */
export function placementAt(placements: readonly Placement[], roundTripNs: number): number | undefined {
  const index = placements.findIndex(({ upToNs }) => roundTripNs <= upToNs);
  return index === -1 ? undefined : index;
}
