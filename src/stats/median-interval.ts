import { requireConfidence } from './confidence.ts';
import type { Interval } from './interval.ts';
import { median } from './quantile.ts';

/** A median and its interval. */
export interface MedianInterval extends Interval {
  readonly median: number;
}

/**
 * The median of a sample with an interval that rests on nothing but the independence of its values: between two order statistics,
 * such that at most (1 - confidence) / 2 lies beyond either (the sign test; Conover, Practical Nonparametric Statistics). Of
 * so few values that there is none, five at 95 %, it is the whole range, which covers less.
 *
 * @throws {RangeError} If the sample is empty or holds NaN, or `confidence` is outside its range.
 */
export function medianInterval(sample: readonly number[], confidence: number): MedianInterval {
  const tail = (1 - requireConfidence(confidence)) / 2;
  const sorted = sample.toSorted((a, b) => a - b);
  const middle = median(sorted);
  let rank = 0;
  let below = 0;
  // The chance that at most `rank` values lie below the median; in logarithms, as 2^-n vanishes.
  let term = -sorted.length * Math.LN2;
  for (let k = 0; k < sorted.length / 2; k++) {
    below += Math.exp(term);
    if (below > tail) break;
    rank = k;
    term += Math.log((sorted.length - k) / (k + 1));
  }
  return {
    median: middle,
    low: sorted[rank] ?? middle,
    high: sorted[sorted.length - 1 - rank] ?? middle,
  };
}
