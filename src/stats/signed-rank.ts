/**
 * The middle of paired differences with its interval: Hodges and Lehmann's estimate, and the interval that Wilcoxon's
 * signed-rank test gives turned round (Annals of Mathematical Statistics 34, 1963). Exact for any distribution that is symmetric
 * about its middle, which a difference of two like measurements is; a few wild pairs move it little, unlike a mean.
 */

import { requireConfidence } from './confidence.ts';
import type { Interval } from './interval.ts';
import { median } from './quantile.ts';

/**
 * The middle of `differences`. With too few for the confidence (fewer than 6 at 95 %, 9 at 99.5 %) the interval is without
 * bounds.
 *
 * @param differences - At least one, none NaN.
 * @param confidence - Between 0 and 1, such as 0.95.
 * @throws {RangeError} If there is no difference, or `confidence` is outside its range.
 */
export function signedRankMiddle(
  differences: readonly number[],
  confidence: number,
): Interval & { readonly estimate: number } {
  const rank = rankWithin(differences.length, (1 - requireConfidence(confidence)) / 2);
  const averages = differences.flatMap((one, index) =>
    differences.slice(index).map((other) => (one + other) / 2),
  );
  averages.sort((left, right) => left - right);
  const estimate = median(averages);
  if (rank === undefined) return { estimate, low: -Infinity, high: Infinity };
  return { estimate, low: averages[rank] ?? estimate, high: averages.at(-1 - rank) ?? estimate };
}

/** The largest sum of signed ranks that stays within `tail`: which average, from either end, bounds the interval. */
function rankWithin(count: number, tail: number): number | undefined {
  const sums = (count * (count + 1)) / 2;
  // Of the sums of the ranks 1 to `rank`, each taken or not by a fair coin.
  let probabilities = Float64Array.of(1);
  for (let rank = 1; rank <= count; rank++) {
    const next = new Float64Array(probabilities.length + rank);
    for (const [sum, probability] of probabilities.entries()) {
      next[sum] = (next[sum] ?? 0) + probability / 2;
      next[sum + rank] = (next[sum + rank] ?? 0) + probability / 2;
    }
    probabilities = next;
  }
  let below = 0;
  for (let sum = 0; sum <= sums; sum++) {
    below += probabilities[sum] ?? 0;
    if (below > tail) return sum === 0 ? undefined : sum - 1;
  }
  return undefined;
}
