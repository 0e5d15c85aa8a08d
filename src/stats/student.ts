/** Quantiles of the normal and Student distributions, from the gamma and beta quantiles. */

import { betaQuantile } from './beta.ts';
import { gammaQuantile, gammaTails } from './gamma.ts';

/**
 * The value that a standard normal variable exceeds in absolute value with probability 1 - `confidence`
 * (1.96 for 0.95).
 *
 * @param confidence - Between 0 and 1, both excluded.
 * @throws {RangeError} If `confidence` is outside its range.
 */
export function normalMultiplier(confidence: number): number {
  return Math.sqrt(2 * gammaQuantile({ p: confidence, shape: 0.5 }));
}

/**
 * The value that a Student variable exceeds in absolute value with probability 1 - `confidence`
 * (2.228 for 0.95 and 10 degrees of freedom).
 *
 * @param options.confidence - Between 0 and 1, both excluded.
 * @param options.degrees - Degrees of freedom, above 0 (real).
 * @throws {RangeError} If an argument is outside its range.
 */
export function studentMultiplier(options: {
  readonly confidence: number;
  readonly degrees: number;
}): number {
  const { confidence, degrees } = options;
  const share = betaQuantile({ p: confidence, a: 0.5, b: degrees / 2 });
  return Math.sqrt((degrees * share) / (1 - share));
}

/** Probability that a standard normal variable is at most `z`. */
export function normalProbability(z: number): number {
  const { lower, upper } = gammaTails((z * z) / 2, 0.5);
  return z >= 0 ? 0.5 + lower / 2 : upper / 2;
}

/**
 * The value below which a standard normal variable falls with probability `p`.
 *
 * @param p - Between 0 and 1, both excluded.
 * @throws {RangeError} If `p` is outside its range.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`p: expected a probability between 0 and 1, got ${p}`);
  if (p === 0.5) return 0;
  return p > 0.5 ? normalMultiplier(2 * p - 1) : -normalMultiplier(1 - 2 * p);
}
