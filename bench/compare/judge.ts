/**
 * What pairs of sessions say about two builds. The unit of inference is the pair: what the JIT compiler makes of the code at a
 * start moves a whole session by several percent, so that more blocks of the same session say nothing more.
 */
import { clusters } from '../../src/stats/cluster.ts';
import { median } from '../../src/stats/quantile.ts';
import { middleOf } from './signed-rank.ts';

/** One session of a build. */
export interface SessionSample {
  readonly nsPerTrial: number;
  /** Null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
}

/** A session of either build, close in time. */
export interface SessionPair {
  readonly a: SessionSample;
  readonly b: SessionSample;
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
  readonly pairs: number;
  /** Pairs whose sessions had differently placed cores: they say nothing of the builds. */
  readonly pairsApart: number;
  /** Null where cores play no part. */
  readonly roundTripNs: number | null;
}

/** A false alarm in any line of an answer is as likely as 1 less this. */
export const CONFIDENCE = 0.99;
/** What an answer must be able to tell: an interval that reaches beyond is no "no change". */
const RESOLUTION = 0.1;
/** Half the width, as a logarithm, of an interval that is narrow enough. */
const HALF_WIDTH = 0.04;
const PAIRS_MIN = 12;
/** Share of the sessions that a placement must have, not to be a stray. */
const SHARE_MIN = 0.1;

/**
 * Whether pairs need not be added. It looks at the width of the interval alone, not at where it lies: stopping by it does not
 * make false alarms more likely.
 */
export function isPrecise(pairs: readonly SessionPair[], lines: number): boolean {
  const used = comparable(pairs);
  if (used.length < PAIRS_MIN) return false;
  const middle = middleOf(logRatios(used), confidenceOf(lines));
  return middle !== undefined && middle.high - middle.low <= 2 * HALF_WIDTH;
}

/** Judges the pairs of one line of an answer that has `lines`. */
export function findingOf(pairs: readonly SessionPair[], lines: number): Finding {
  const used = comparable(pairs);
  const trips = tripsOf(used);
  const middle = middleOf(logRatios(used), confidenceOf(lines)) ?? {
    estimate: Number.NaN,
    low: -Infinity,
    high: Infinity,
  };
  const [ratio, low, high] = [middle.estimate, middle.low, middle.high].map((log) => Math.exp(log)) as [
    number,
    number,
    number,
  ];
  const of = (side: 'a' | 'b'): number =>
    used.length === 0 ? Number.NaN : median(used.map((pair) => pair[side].nsPerTrial));
  return {
    verdict: verdictOf(low, high),
    ratio,
    low,
    high,
    nsPerTrial: { a: of('a'), b: of('b') },
    pairs: used.length,
    pairsApart: pairs.length - used.length,
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
 * Pairs whose sessions met the same placement of the cores: those whose round trips are in the same group. A session that the
 * host has moved meanwhile, or whose actors did not run side by side, is in none.
 */
function comparable(pairs: readonly SessionPair[]): readonly SessionPair[] {
  const placements = clusters(tripsOf(pairs), SHARE_MIN);
  if (placements.length === 0) return pairs;
  const at = ({ roundTripNs }: SessionSample): number =>
    placements.findIndex(
      ({ low, high }) => roundTripNs !== null && low <= roundTripNs && roundTripNs <= high,
    );
  return pairs.filter(({ a, b }) => at(a) !== -1 && at(a) === at(b));
}

function tripsOf(pairs: readonly SessionPair[]): number[] {
  return pairs.flatMap(({ a, b }) => [a, b]).flatMap(({ roundTripNs }) => roundTripNs ?? []);
}

function logRatios(pairs: readonly SessionPair[]): number[] {
  return pairs.map(({ a, b }) => Math.log(b.nsPerTrial / a.nsPerTrial));
}
