/**
 * What pairs of blocks say about two builds. The unit of inference is the start of both: what the JIT
 * compiler makes of the code at a start moves all its blocks by several percent, so that more of them say nothing more.
 */
import { placementAt, placementsOf } from '../../src/stats/placement.ts';
import { median } from '../../src/stats/quantile.ts';
import { signedRankMiddle } from '../../src/stats/signed-rank.ts';

/** One block of a build. */
export interface BlockSample {
  readonly nsPerTrial: number;
  /** Null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
}

/** A block of either build, one right after the other. */
export interface BlockPair {
  readonly a: BlockSample;
  readonly b: BlockSample;
}

/** What one start of both builds has given. */
export interface StartPair {
  readonly blocks: readonly BlockPair[];
}

/** What became of the time that a trial takes. */
export interface Finding {
  readonly verdict: 'slower' | 'faster' | 'no change' | 'undecided';
  /** Time of B over that of A; above 1 is slower. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Medians, in ns per trial. */
  readonly nsPerTrial: { readonly a: number; readonly b: number };
  /** Starts that say something. */
  readonly starts: number;
  /** Share of the pairs of blocks whose cores were placed differently: they say nothing of the builds. */
  readonly apart: number;
  /** Null where cores play no part. */
  readonly roundTripNs: number | null;
}

/** A false alarm in any line of an answer is as likely as 1 less this. */
export const CONFIDENCE = 0.99;
/** What an answer must be able to tell: an interval that reaches beyond is no "no change". */
const RESOLUTION = 0.1;
/** Half the width, as a logarithm, of an interval that is narrow enough. */
const HALF_WIDTH = 0.04;
export const STARTS_MIN = 12;
/** Looks at the width are so many starts apart. */
const LOOK_STARTS = 2;
/** Pairs of blocks that a start must have left to say something. */
const BLOCKS_MIN = 5;

/**
 * Whether starts need not be added. It looks at the width of the interval alone, not at where it lies: stopping by it does not
 * make false alarms more likely.
 */
export function isPrecise(starts: readonly StartPair[], lines: number): boolean {
  if (starts.length < STARTS_MIN || starts.length % LOOK_STARTS !== 0) return false;
  const ratios = comparable(starts).map(logRatio);
  if (ratios.length < STARTS_MIN) return false;
  const { low, high } = signedRankMiddle(ratios, confidenceOf(lines));
  return high - low <= 2 * HALF_WIDTH;
}

/** Judges one line of an answer that has `lines`. */
export function findingOf(starts: readonly StartPair[], lines: number): Finding {
  const used = comparable(starts);
  const blocks = used.flat();
  const trips = tripsOf(blocks);
  const { estimate, low, high } =
    used.length === 0
      ? { estimate: Number.NaN, low: -Infinity, high: Infinity }
      : signedRankMiddle(used.map(logRatio), confidenceOf(lines));
  const of = (side: 'a' | 'b'): number =>
    blocks.length === 0 ? Number.NaN : median(blocks.map((pair) => pair[side].nsPerTrial));
  const all = starts.flatMap((start) => start.blocks).length;
  return {
    verdict: verdictOf(Math.exp(low), Math.exp(high)),
    ratio: Math.exp(estimate),
    low: Math.exp(low),
    high: Math.exp(high),
    nsPerTrial: { a: of('a'), b: of('b') },
    starts: used.length,
    apart: all === 0 ? 0 : 1 - blocks.length / all,
    roundTripNs: trips.length === 0 ? null : median(trips),
  };
}

function verdictOf(low: number, high: number): Finding['verdict'] {
  if (low > 1) return 'slower';
  if (high < 1) return 'faster';
  return low >= 1 / (1 + RESOLUTION) && high <= 1 + RESOLUTION ? 'no change' : 'undecided';
}

/** Bonferroni: the lines together have `CONFIDENCE`. */
function confidenceOf(lines: number): number {
  return 1 - (1 - CONFIDENCE) / lines;
}

/**
 * By start: the pairs whose blocks met the same placement of the cores, that is whose round trips are in the same group. A
 * block that the host has moved meanwhile, or whose actors did not run side by side, is in none.
 */
function comparable(starts: readonly StartPair[]): (readonly BlockPair[])[] {
  const all = starts.map(({ blocks }) => blocks);
  const placements = placementsOf(tripsOf(all.flat()));
  const at = ({ roundTripNs }: BlockSample): number | undefined =>
    roundTripNs === null ? undefined : placementAt(placements, roundTripNs);
  const used =
    placements.length === 0
      ? all
      : all.map((blocks) => blocks.filter(({ a, b }) => at(a) !== undefined && at(a) === at(b)));
  return used.filter((blocks) => blocks.length >= BLOCKS_MIN);
}

function tripsOf(blocks: readonly BlockPair[]): number[] {
  return blocks.flatMap(({ a, b }) => [a, b]).flatMap(({ roundTripNs }) => roundTripNs ?? []);
}

/** The middle one of a start: a few wild blocks do not move it. */
function logRatio(blocks: readonly BlockPair[]): number {
  return median(blocks.map(({ a, b }) => Math.log(b.nsPerTrial / a.nsPerTrial)));
}
