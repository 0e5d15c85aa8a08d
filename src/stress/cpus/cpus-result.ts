/** What `ebtorture cpus` has measured, and what it makes of that. */
import { medianInterval } from '../../stats/median-interval.ts';
import { placementAt, placementsOf } from '../../stats/placement.ts';
import type { Environment } from '../host/machine-facts.ts';
import { type Distance, DISTANCES } from '../topology/distance.ts';
import type { Topology } from '../topology/topology.ts';
import type { ProcessorPair } from './pair-plan.ts';

/** Of the intervals. */
const CONFIDENCE = 0.95;
/** Visits below which even their whole range is none. */
const INTERVAL_MIN = 6;

/** A round trip in ns with its interval: of the median over visits, each the median of some probes. */
export interface RoundTrip {
  readonly ns: number;
  /** Null where there were too few visits for an interval. */
  readonly lowNs: number | null;
  readonly highNs: number | null;
}

/** What was measured of a pair. */
export interface PairResult extends ProcessorPair {
  /** Visits in which the two answered each other. */
  readonly visits: number;
  /** Null without any. */
  readonly roundTrip: RoundTrip | null;
}

/** Pairs that lie alike. */
export interface ClassResult {
  /** Of their processors; `unknown` for a group of pairs that were measured to be alike. */
  readonly distance: Distance;
  /** Pairs of it that were measured. */
  readonly pairs: number;
  readonly roundTrip: RoundTrip;
  /** The medians of the pairs with the shortest and the longest one, in ns. */
  readonly fastestNs: number;
  readonly slowestNs: number;
}

export interface CpusResult {
  readonly schema: 'ebtorture.cpus/1';
  readonly environment: Environment;
  readonly topology: Topology;
  /** How many pairs of processors there are. */
  readonly pairsInAll: number;
  /** Those that were to be measured, by numbers. */
  readonly pairs: readonly PairResult[];
  /** The nearest first. */
  readonly classes: readonly ClassResult[];
  /** Where threads cannot be kept on processors: a round trip wherever the system put them; null otherwise. */
  readonly anywhere: RoundTrip | null;
  /** What is to be known of all this, a sentence each. */
  readonly notes: readonly string[];
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
}

/** The median of what visits have found; null without any. */
export function roundTripOf(visits: readonly number[]): RoundTrip | null {
  if (visits.length === 0) return null;
  const { median, low, high } = medianInterval(visits, CONFIDENCE);
  const isInterval = visits.length >= INTERVAL_MIN;
  return { ns: median, lowNs: isInterval ? low : null, highNs: isInterval ? high : null };
}

/** A pair with what its visits have found. */
export interface MeasuredPair extends ProcessorPair {
  readonly tripsNs: readonly number[];
}

/** By distance; pairs of which it is not known how they lie, by what was measured. */
export function classesOf(pairs: readonly MeasuredPair[]): readonly ClassResult[] {
  const measured = pairs.filter(({ tripsNs }) => tripsNs.length > 0);
  return DISTANCES.flatMap((distance) => {
    const alike = measured.filter((pair) => pair.distance === distance);
    return distance === 'unknown'
      ? groupsOf(alike).flatMap((group) => classOf(distance, group))
      : classOf(distance, alike);
  });
}

function groupsOf(pairs: readonly MeasuredPair[]): readonly (readonly MeasuredPair[])[] {
  const medians = new Map(pairs.map((pair) => [pair, roundTripOf(pair.tripsNs)?.ns ?? 0]));
  const placements = placementsOf([...medians.values()]);
  if (placements.length < 2) return [pairs];
  return placements.map((_, index) =>
    pairs.filter((pair) => placementAt(placements, medians.get(pair) ?? 0) === index),
  );
}

function classOf(distance: Distance, pairs: readonly MeasuredPair[]): readonly ClassResult[] {
  const roundTrip = roundTripOf(pairs.flatMap(({ tripsNs }) => tripsNs));
  if (roundTrip === null) return [];
  const medians = pairs.flatMap(({ tripsNs }) => roundTripOf(tripsNs)?.ns ?? []);
  return [
    {
      distance,
      pairs: pairs.length,
      roundTrip,
      fastestNs: Math.min(...medians),
      slowestNs: Math.max(...medians),
    },
  ];
}
