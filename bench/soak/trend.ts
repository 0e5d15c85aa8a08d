/** The slope of points over time that a few stray ones do not move, with an interval. */
import { median } from '../../src/stats/quantile.ts';
import { normalMultiplier } from '../../src/stats/student.ts';

const CONFIDENCE = 0.95;

/** One reading. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A slope with its 95 % interval, in units of the values per unit of time. */
export interface Trend {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The median of the slopes between all pairs of points, and the interval that Kendall's test leaves (Sen, Journal of the
 * American Statistical Association 63, 1968). It takes the points for independent.
 *
 * @param points - At different times, two at least; with fewer than six the interval has no ends.
 */
export function trend(points: readonly Point[]): Trend {
  const slopes = points
    .flatMap((from, index) =>
      points.slice(index + 1).map((to) => (to.value - from.value) / (to.at - from.at)),
    )
    .toSorted((left, right) => left - right);
  const count = points.length;
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const outside = Math.floor((slopes.length - normalMultiplier(CONFIDENCE) * deviation) / 2);
  return {
    slope: median(slopes),
    low: outside > 0 ? (slopes[outside - 1] ?? -Infinity) : -Infinity,
    high: outside > 0 ? (slopes[slopes.length - outside] ?? Infinity) : Infinity,
  };
}
