/**
 * The middle of paired differences with its interval: Hodges and Lehmann's estimate, and the interval that Wilcoxon's
 * signed-rank test gives turned round (Annals of Mathematical Statistics 34, 1963). Exact for any distribution that is symmetric
 * about its middle, which a difference of two like measurements is; a few wild pairs move it little, unlike a mean.
 */
import { median } from '../../src/stats/quantile.ts';

/** The middle of some differences. */
export interface Middle {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The middle of `differences`; undefined if they are too few for the confidence (fewer than 9 for 0.995).
 *
 * @param confidence - Above 0 and below 1.
 */
export function middleOf(differences: readonly number[], confidence: number): Middle | undefined {
  const count = differences.length;
  const rank = rankOf(count, (1 - confidence) / 2);
  if (rank === undefined) return undefined;
  const averages = differences.flatMap((one, index) =>
    differences.slice(index).map((other) => (one + other) / 2),
  );
  averages.sort((left, right) => left - right);
  const estimate = median(averages);
  return { estimate, low: averages[rank] ?? estimate, high: averages.at(-1 - rank) ?? estimate };
}

/** The largest sum of signed ranks that stays within `tail`: which average, from either end, bounds the interval. */
function rankOf(count: number, tail: number): number | undefined {
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
