/**
 * Distribution function and quantile of the gamma distribution with unit scale, for exact Poisson intervals.
 * Density by saddle point, lower tail by the power series, upper tail by Legendre's continued fraction in
 * Lentz's form, quantile by safeguarded Newton steps. Both expansions take about 20 sqrt(shape) terms near
 * the mean.
 */

import type { Tails } from './beta.ts';
import { increasingRoot } from './root.ts';
import { devianceTerm, stirlingError } from './saddle-point.ts';

/** Reached only beyond a shape of about 4e12. */
const TERMS_MAX = 50_000_000;

/** x^shape e^-x / Gamma(shape): the gamma density times x. */
function gammaPower(x: number, shape: number): number {
  return Math.sqrt(shape / (2 * Math.PI)) * Math.exp(-stirlingError(shape) - devianceTerm(shape, x));
}

/** The lower tail over {@link gammaPower}: 1/shape + x/(shape (shape+1)) + ..., all terms positive. */
function lowerSeries(x: number, shape: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < TERMS_MAX; n += 1) {
    term *= x / (shape + n);
    sum += term;
    if (term < sum * 1e-17) return sum;
  }
  throw new RangeError(`gamma shape ${shape}: the series did not converge`);
}

/** The upper tail over {@link gammaPower}; for x above shape + 1, where it converges. */
function upperFraction(x: number, shape: number): number {
  let partial = x + 1 - shape;
  let c = Infinity;
  let d = 1 / partial;
  let fraction = d;
  for (let n = 1; n < TERMS_MAX; n += 1) {
    const numerator = n * (shape - n);
    partial += 2;
    d = 1 / (partial + numerator * d);
    c = partial + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) return fraction;
  }
  throw new RangeError(`gamma shape ${shape}: the continued fraction did not converge`);
}

/**
 * Both tails of the gamma distribution with unit scale at `x`; the lower tail for shape k is the probability
 * of k or more events when x are expected.
 *
 * @param x - Point, 0 or above.
 * @param shape - Shape, above 0 (real).
 * @throws {RangeError} If an argument is outside its range.
 */
export function gammaTails(x: number, shape: number): Tails {
  if (!(x >= 0)) throw new RangeError(`x: expected a number of 0 or above, got ${x}`);
  requireShape(shape);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const power = gammaPower(x, shape);
  if (x < shape + 1) {
    const lower = Math.min(1, power * lowerSeries(x, shape));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, power * upperFraction(x, shape));
  return { lower: 1 - upper, upper };
}

/**
 * The `x` below which a gamma variable with unit scale falls with probability `p`.
 *
 * @param options.p - Probability, above 0 and below 1.
 * @param options.shape - Shape, above 0 (real).
 * @throws {RangeError} If an argument is outside its range.
 */
export function gammaQuantile(options: { readonly p: number; readonly shape: number }): number {
  const { p, shape } = options;
  if (!(p > 0 && p < 1)) throw new RangeError(`p: expected a probability between 0 and 1, got ${p}`);
  requireShape(shape);
  return increasingRoot({
    low: Number.MIN_VALUE,
    // Chernoff: the upper tail at shape + t is below 1e-300 for this t.
    high: 4 * shape + 1500,
    start: shape,
    evaluate: (x) => {
      const { lower, upper } = gammaTails(x, shape);
      return { value: p < 0.5 ? lower - p : 1 - p - upper, slope: gammaPower(x, shape) };
    },
  });
}

function requireShape(shape: number): void {
  if (!(shape > 0 && shape < Infinity))
    throw new RangeError(`shape: expected a number above 0, got ${shape}`);
}
