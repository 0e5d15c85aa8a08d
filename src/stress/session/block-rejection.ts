import type { BlockResult, HostConditions, Rejection } from '../plan/block-result.ts';

/** More of the processors' time than this went to other machines: one of the actors hardly ran. */
const STEAL_MAX = 0.25;
/** Processors that other processes may take beyond those that the actors leave free. */
const OTHERS_MAX = 0.25;
/** A block that ended after less than this share of the time asked for. */
const LENGTH_MIN = 0.5;

/** What is known of a block beside its counts: whether it is used must not depend on what it found. */
export interface BlockFacts {
  /** Whether it only brings the arm's code to speed. */
  readonly isWarmUp: boolean;
  /** Whether there are two actors at least, and a processor for each. */
  readonly canOverlap: boolean;
  /** Processors that the actors leave to others. */
  readonly processorsFree: number;
  readonly roundTripNs: number | null;
  readonly host: HostConditions | null;
  readonly seconds: number;
  /** Null where it was not the time that ended it. */
  readonly secondsAsked: number | null;
}

/**
 * Why a block says nothing about the rate of the race, or null if it does. Its violations count as violations all the
 * same. No criterion looks at trials or violations: choosing blocks by what they found would choose the rate. Where trials
 * are counted, not timed, there is no other block to take instead of one whose actors were apart.
 */
export function rejectionOf(facts: BlockFacts): Rejection | null {
  if (facts.isWarmUp) return 'warm-up';
  const { canOverlap, roundTripNs, host, seconds, secondsAsked } = facts;
  if (canOverlap && roundTripNs === null && secondsAsked !== null) return 'apart';
  if ((host?.steal ?? 0) > STEAL_MAX) return 'stolen';
  if (canOverlap && (host?.othersBusy ?? 0) > facts.processorsFree + OTHERS_MAX) return 'busy';
  if (secondsAsked !== null && seconds < LENGTH_MIN * secondsAsked) return 'short';
  return null;
}

/** If more of the blocks than this were left out, what is wrong with them is no exception but how the machine is. */
const LEFT_OUT_MAX = 0.5;

/**
 * Blocks of all arms, those of a busy host left out only where they are the exception: on a machine that is always busy, what it
 * does under load is all there is to measure. Decided for all arms together, and by nothing but how many there are. Blocks
 * whose actors were apart stay out, however many: no trial of theirs was a race, so that their zeros are worth nothing.
 */
export function exceptional<Arm extends { readonly blocks: readonly BlockResult[] }>(
  arms: readonly Arm[],
): readonly Arm[] {
  if (!isRule(arms.flatMap(({ blocks }) => blocks))) return arms;
  return arms.map((arm): Arm => ({
    ...arm,
    blocks: arm.blocks.map((block) => (isHost(block) ? { ...block, rejected: null } : block)),
  }));
}

/** Whether most of the blocks whose actors raced, but for those to warm up, are left out for what the host did to them. */
export function isRule(blocks: readonly Pick<BlockResult, 'rejected'>[]): boolean {
  const left = blocks.filter(isHost).length;
  const others = blocks.filter(({ rejected }) => rejected === 'warm-up' || rejected === 'apart').length;
  return left > LEFT_OUT_MAX * (blocks.length - others);
}

function isHost({ rejected }: Pick<BlockResult, 'rejected'>): boolean {
  return rejected === 'busy' || rejected === 'stolen';
}
