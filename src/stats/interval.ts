/**
 * Exact two-sided intervals for a proportion (Clopper and Pearson, Biometrika 26, 1934) and a Poisson mean
 * (Garwood, Biometrika 28, 1936), and the one-sided bound when nothing was seen. All of them assume
 * independent trials, which trials on one pair of threads are not: pass effective counts, as {@link
 * file://./rate-interval.ts} does. Counts may therefore be fractional; the quantiles interpolate between the
 * whole ones.
 */

import { betaQuantile } from './beta.ts';
import { requireConfidence } from './confidence.ts';
import { gammaQuantile } from './gamma.ts';

/** Two ends of an interval, low <= high, in the unit of the quantity. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Clopper-Pearson interval of a proportion: each end leaves (1 - confidence) / 2 outside, so it covers at
 * least `confidence` for whole counts.
 *
 * @param options.hits - Number of hits, from 0 to `trials` (real).
 * @param options.trials - Number of independent trials, above 0 (real).
 * @param options.confidence - Between 0 and 1, such as 0.95.
 * @returns Ends in [0, 1]; `low` is 0 without hits, `high` is 1 when every trial hit.
 * @throws {RangeError} If an argument is outside its range.
 */
export function binomialInterval(options: {
  readonly hits: number;
  readonly trials: number;
  readonly confidence: number;
}): Interval {
  const { hits, trials } = options;
  const tail = (1 - requireConfidence(options.confidence)) / 2;
  if (!(trials > 0 && trials < Infinity))
    throw new RangeError(`trials: expected a number above 0, got ${trials}`);
  if (!(hits >= 0 && hits <= trials))
    throw new RangeError(`hits: expected a number from 0 to ${trials}, got ${hits}`);
  const misses = trials - hits;
  // With all or no trials hit the beta quantile has the closed form 1 - tail^(1/trials), exact at any size.
  const edge = -Math.expm1(Math.log(tail) / trials);
  const low = hits === 0 ? 0 : misses === 0 ? 1 - edge : betaQuantile({ p: tail, a: hits, b: misses + 1 });
  const high = misses === 0 ? 1 : hits === 0 ? edge : betaQuantile({ p: 1 - tail, a: hits + 1, b: misses });
  return { low, high };
}

/**
 * Garwood interval of a Poisson mean, given one count.
 *
 * @param options.count - Number of events, 0 or above (real).
 * @param options.confidence - Between 0 and 1, such as 0.95.
 * @returns Ends in expected events; `low` is 0 without events.
 * @throws {RangeError} If an argument is outside its range.
 */
export function poissonInterval(options: { readonly count: number; readonly confidence: number }): Interval {
  const { count } = options;
  const tail = (1 - requireConfidence(options.confidence)) / 2;
  if (!(count >= 0 && count < Infinity))
    throw new RangeError(`count: expected a number of 0 or above, got ${count}`);
  if (count === 0) return { low: 0, high: -Math.log(tail) };
  return {
    low: gammaQuantile({ p: tail, shape: count }),
    high: gammaQuantile({ p: 1 - tail, shape: count + 1 }),
  };
}

/**
 * One-sided upper bound of a rate after no hit: 1 - (1 - confidence)^(1 / trialsEffective), about 3 /
 * trialsEffective at 95 % and 4.6 / trialsEffective at 99 %. Zero hits are a bound, never a proof.
 *
 * @param options.trialsEffective - Trials divided by the design effect, above 0 (real).
 * @param options.confidence - Between 0 and 1, such as 0.95.
 * @throws {RangeError} If an argument is outside its range.
 */
export function zeroBound(options: {
  readonly trialsEffective: number;
  readonly confidence: number;
}): number {
  const { trialsEffective } = options;
  requireConfidence(options.confidence);
  if (!(trialsEffective > 0)) {
    throw new RangeError(`trialsEffective: expected a number above 0, got ${trialsEffective}`);
  }
  return -Math.expm1(Math.log1p(-options.confidence) / trialsEffective);
}
