import type { HostConditions, Rejection } from './result.ts';

/** More of the processors' time than this went to other machines: one of the actors hardly ran. */
const STEAL_MAX = 0.25;
/** A block that ended after less than this share of the time asked for. */
const LENGTH_MIN = 0.5;

/** What is known of a block beside its counts: whether it is used must not depend on what it found. */
export interface BlockFacts {
  /** Whether it only brings the arm's code to speed. */
  readonly isWarmUp: boolean;
  /** Whether there are two actors at least, and a processor for each. */
  readonly canOverlap: boolean;
  readonly roundTripNs: number | null;
  readonly host: HostConditions | null;
  readonly seconds: number;
  /** Null where it was not the time that ended it. */
  readonly secondsAsked: number | null;
}

/**
 * Why a block says nothing about the rate of the race, or null if it does. Its violations count as violations all the
 * same. No criterion looks at trials or violations: choosing blocks by what they found would choose the rate.
 */
export function rejectionOf(facts: BlockFacts): Rejection | null {
  if (facts.isWarmUp) return 'warm-up';
  const { canOverlap, roundTripNs, host, seconds, secondsAsked } = facts;
  if (canOverlap && roundTripNs === null) return 'apart';
  if ((host?.steal ?? 0) > STEAL_MAX) return 'stolen';
  if (secondsAsked !== null && seconds < LENGTH_MIN * secondsAsked) return 'short';
  return null;
}
