/**
 * Throughput comparisons: the ratio of two arms in adjacent blocks, pair by pair, and the median of the
 * ratios. Pairing removes the drift of the host, the median its stalls; a mean would have neither property.
 *
 * The interval is the exact one from order statistics (the sign test turned round): it assumes only that
 * pairs are independent, needs no random numbers, and is what the bootstrap of a median converges to, without
 * its undercoverage for few pairs.
 */

import { betaTails } from './beta.ts';
import { requireConfidence } from './confidence.ts';
import type { Interval } from './interval.ts';
import { median } from './quantile.ts';

/** The two measurements of one pair, in the same unit. */
export interface Pair {
  readonly a: number;
  readonly b: number;
}

/** Median of a / b with its interval. */
export interface PairedRatio extends Interval {
  readonly median: number;
  /** The coverage that is guaranteed: at least what was asked from 6 pairs on (at 95 %), less below. */
  readonly confidence: number;
  readonly pairs: number;
}

/**
 * The median of the ratios a / b over pairs of adjacent blocks.
 *
 * With too few pairs for the confidence (fewer than 6 at 95 %) the interval is the whole range of the ratios,
 * and `confidence` says what that is worth: 0.75 for 3 pairs, 0 for one.
 *
 * @param options.pairs - At least one; every value above 0 and finite.
 * @param options.confidence - Between 0 and 1, such as 0.95.
 * @throws {RangeError} If there is no pair, a value is not above 0, or `confidence` is outside its range.
 */
export function pairedRatio(options: {
  readonly pairs: readonly Pair[];
  readonly confidence: number;
}): PairedRatio {
  const asked = requireConfidence(options.confidence);
  if (options.pairs.length === 0) throw new RangeError('pairs: expected at least one, got none');
  const ratios = options.pairs.map(({ a, b }, index) => {
    if (!(a > 0 && a < Infinity && b > 0 && b < Infinity)) {
      throw new RangeError(`pair ${index}: expected two numbers above 0, got ${a} and ${b}`);
    }
    return a / b;
  });
  ratios.sort((left, right) => left - right);
  const n = ratios.length;

  // The interval from the (r+1)-th smallest to the (r+1)-th largest misses the median when r or fewer of n
  // fair coins show heads, or tails: twice P(Binomial(n, 1/2) <= r) = twice the beta tail of shapes n - r and
  // r + 1 at one half.
  const coverage = (r: number): number => 1 - 2 * betaTails(0.5, n - r, r + 1).lower;
  const middle = median(ratios);
  let rank = 0;
  while (2 * (rank + 1) < n - 1 && coverage(rank + 1) >= asked) rank += 1;
  return {
    median: middle,
    low: ratios[rank] ?? middle,
    high: ratios[n - 1 - rank] ?? middle,
    confidence: Math.max(0, coverage(rank)),
    pairs: n,
  };
}
