import { placementAt, placementsOf } from '../../stats/placement.ts';
import { signedRankMiddle } from '../../stats/signed-rank.ts';
import type { TuneCount } from './tune-count.ts';

/**
 * How many times as many violations per second one setting has as another. What varies independently is the start of the
 * threads (src/stats/start-totals.ts), and what the host does by moving the cores is no difference between settings: gains
 * are ratios within one start and one placement of the cores, and their interval counts starts.
 */

/** Blocks of two settings that ran close to each other. */
export interface TunePair {
  /** Which start of the threads it belongs to. */
  readonly start: number;
  readonly setting: TuneCount;
  readonly untuned: TuneCount;
}

/** The gain in one placement of the cores. */
export interface PlacementGain {
  /** Median round trip in ns, and the shortest and longest that belong to it; null where the actors cannot run side by side. */
  readonly roundTripNs: number | null;
  readonly rangeNs: readonly [low: number, high: number] | null;
  /** Starts with pairs of which one side at least violated. */
  readonly starts: number;
  /** The middle of the starts' gains, on a logarithmic scale. */
  readonly ratio: number;
  /** 0 with too few starts for the confidence. */
  readonly low: number;
  /** Null for no bound, with too few starts. */
  readonly high: number | null;
}

/** A side without a violation in a start counts as half a one: leaving the start out would flatter the other side. */
const HALF = 0.5;

/** The placements that blocks met. */
export interface PlacementGroups {
  readonly places: readonly Pick<PlacementGain, 'roundTripNs' | 'rangeNs'>[];
  /** Index of the placement of a block; undefined if it cannot be told. */
  readonly at: (block: TuneCount) => number | undefined;
}

/** The placements of blocks, by the round trips of all; one without a round trip where no block has any. */
export function placementGroups(blocks: readonly TuneCount[]): PlacementGroups {
  const trips = blocks.flatMap(({ roundTripNs }) => roundTripNs ?? []);
  if (trips.length === 0) return { places: [{ roundTripNs: null, rangeNs: null }], at: () => 0 };
  const places = placementsOf(trips);
  return {
    places,
    at: ({ roundTripNs }) => (roundTripNs === null ? undefined : placementAt(places, roundTripNs)),
  };
}

/** The gain of pairs whose two blocks met the same placement, for each one; the one with most starts first. */
export function gainsOf(
  pairs: readonly TunePair[],
  { places, at }: PlacementGroups,
  confidence: number,
): PlacementGain[] {
  const gains = places.flatMap(({ roundTripNs, rangeNs }, place) => {
    const met = pairs.filter(({ setting, untuned }) => at(setting) === place && at(untuned) === place);
    const logs = logGains(met);
    return logs.length === 0 ? [] : [{ roundTripNs, rangeNs, ...gainOf(logs, confidence) }];
  });
  return gains.toSorted((a, b) => b.starts - a.starts);
}

/** The logarithm of the gain of each start that violated at all. */
function logGains(pairs: readonly TunePair[]): number[] {
  return [...new Set(pairs.map(({ start }) => start))].flatMap((start) => {
    const own = pairs.filter((pair) => pair.start === start);
    const setting = total(own.map((pair) => pair.setting));
    const untuned = total(own.map((pair) => pair.untuned));
    if (setting.violations + untuned.violations === 0) return [];
    return [Math.log(rate(setting) / rate(untuned))];
  });
}

function rate({ violations, seconds }: Pick<TuneCount, 'violations' | 'seconds'>): number {
  return Math.max(HALF, violations) / Math.max(seconds, Number.EPSILON);
}

function total(counts: readonly TuneCount[]): { violations: number; seconds: number } {
  return {
    violations: counts.reduce((sum, { violations }) => sum + violations, 0),
    seconds: counts.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** By signed ranks: a start in which the host held one side up is a wild value. */
function gainOf(logs: readonly number[], confidence: number): Omit<PlacementGain, 'roundTripNs' | 'rangeNs'> {
  const { estimate, low, high } = signedRankMiddle(logs, confidence);
  return {
    starts: logs.length,
    ratio: Math.exp(estimate),
    low: Math.exp(low),
    high: high === Infinity ? null : Math.exp(high),
  };
}
