/**
 * Which placement of the virtual cores something was measured in. The host moves them within seconds, the round trip between
 * two cores jumps (54, 110 and 495 ns on one machine), and the rate of the same code with it, up to 40-fold. A rate over
 * several placements belongs to the mixture that one run happened to meet, and the next run meets another: what is
 * measured is therefore given for each placement as well.
 */

import { clusters } from './cluster.ts';

/** A placement met less often than this is not told from strays. */
const SHARE_MIN = 0.08;

/** Round trips of about the same size. */
export interface Placement {
  /** Median round trip in ns. */
  readonly roundTripNs: number;
  /** The shortest and the longest round trip that belong to it, in ns. */
  readonly rangeNs: readonly [low: number, high: number];
  /** How many of the round trips belong to it. */
  readonly count: number;
}

/**
 * The placements that round trips tell of, the nearest first: groups with valleys between them, each with at least three
 * round trips and 8 % of all.
 *
 * @param roundTripsNs - Above 0, in any order.
 */
export function placementsOf(roundTripsNs: readonly number[]): readonly Placement[] {
  return clusters(roundTripsNs, SHARE_MIN).map(({ median, low, high, count }) => ({
    roundTripNs: median,
    rangeNs: [low, high],
    count,
  }));
}

/**
 * Index of the placement that a round trip belongs to; undefined for a stray, which was measured while the host moved the
 * cores or something interrupted them.
 */
export function placementAt(placements: readonly Placement[], roundTripNs: number): number | undefined {
  const index = placements.findIndex(({ rangeNs: [low, high] }) => roundTripNs >= low && roundTripNs <= high);
  return index === -1 ? undefined : index;
}

/** Round trips so much beyond those of a placement still belong to it: others meet more of them. */
const BEYOND = 1.15;

/** Whether a round trip that was measured later belongs to a placement; null, where none could be measured, to none. */
export function isInPlacement(
  { rangeNs: [low, high] }: Pick<Placement, 'rangeNs'>,
  roundTripNs: number | null,
): boolean {
  return roundTripNs !== null && roundTripNs >= low / BEYOND && roundTripNs <= high * BEYOND;
}
