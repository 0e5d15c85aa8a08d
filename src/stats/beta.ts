/**
 * Distribution function and quantile of the beta distribution, for the exact binomial interval. Density by
 * saddle point, tail by the continued fraction of Didonato and Morris (ACM TOMS 18, 1992, equation 9: all
 * terms positive near the mean, no cancellation) in Lentz's form, quantile by safeguarded Newton steps.
 * Relative error below 1e-11 for parameters up to 1e12 where the tail is between 1e-6 and 0.5; a fraction
 * takes about sqrt(min(a, b)) terms.
 */

import { increasingRoot } from './root.ts';
import { devianceTerm, stirlingError } from './saddle-point.ts';

/** Reached only beyond the documented range: two equal parameters of 1e12 take about 1.5 million terms. */
const TERMS_MAX = 50_000_000;

/** Both tails of a distribution at one point; the smaller one carries full relative precision. */
export interface Tails {
  /** Probability of a value up to the point. */
  readonly lower: number;
  /** Probability of a value above the point. */
  readonly upper: number;
}

/** x^a (1-x)^b / B(a, b): the beta density times x (1-x). */
function betaPower(x: number, a: number, b: number): number {
  const n = a + b;
  const deviance = devianceTerm(a, n * x) + devianceTerm(b, n * (1 - x));
  const correction = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return Math.sqrt(((a / n) * b) / (2 * Math.PI)) * Math.exp(correction - deviance);
}

/**
 * The continued fraction whose reciprocal times {@link betaPower} is the lower tail; for `x` up to about the
 * mean. `y` is 1 - x, passed on its own because the difference would lose the digits of a small `y`.
 */
function betaFraction(x: number, y: number, a: number, b: number): number {
  let fraction = 0;
  let c = 0;
  let d = 0;
  for (let m = 0; m < TERMS_MAX; m += 1) {
    const odd = a + 2 * m - 1;
    const partial =
      m + (m === 0 ? 0 : (m * (b - m) * x) / odd) + ((a + m) * (a * y - b * x + 1 + m * (2 - x))) / (odd + 2);
    if (m === 0) {
      fraction = partial;
      c = partial;
      continue;
    }
    const numerator = ((a + m - 1) / odd) * ((a + b + m - 1) / odd) * m * (b - m) * x * x;
    d = 1 / (partial + numerator * d);
    c = partial + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) return fraction;
  }
  throw new RangeError(`beta parameters ${a} and ${b}: the continued fraction did not converge`);
}

/**
 * Both tails of the beta distribution at `x`.
 *
 * @param x - Point in [0, 1].
 * @param a - First shape, above 0 (real).
 * @param b - Second shape, above 0 (real).
 * @throws {RangeError} If an argument is outside its range.
 */
export function betaTails(x: number, a: number, b: number): Tails {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`x: expected a number from 0 to 1, got ${x}`);
  requireShapes(a, b);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === 1) return { lower: 1, upper: 0 };
  const power = betaPower(x, a, b);
  if (x <= (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, power / betaFraction(x, 1 - x, a, b));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, power / betaFraction(1 - x, x, b, a));
  return { lower: 1 - upper, upper };
}

/**
 * The `x` below which a beta variable falls with probability `p`.
 *
 * @param options.p - Probability, above 0 and below 1.
 * @param options.a - First shape, above 0 (real).
 * @param options.b - Second shape, above 0 (real).
 * @throws {RangeError} If an argument is outside its range.
 */
export function betaQuantile(options: {
  readonly p: number;
  readonly a: number;
  readonly b: number;
}): number {
  const { p, a, b } = options;
  if (!(p > 0 && p < 1)) throw new RangeError(`p: expected a probability between 0 and 1, got ${p}`);
  requireShapes(a, b);
  // Solve for whichever of x and 1 - x is below one half, so that ln x resolves it.
  if (p <= betaTails(0.5, a, b).lower) return smallBetaQuantile({ tail: p, isUpper: false, a, b });
  return 1 - smallBetaQuantile({ tail: p, isUpper: true, a: b, b: a });
}

function smallBetaQuantile(options: {
  readonly tail: number;
  readonly isUpper: boolean;
  readonly a: number;
  readonly b: number;
}): number {
  const { tail, isUpper, a, b } = options;
  return increasingRoot({
    low: Number.MIN_VALUE,
    high: 1 - Number.EPSILON / 2,
    start: a / (a + b),
    evaluate: (x) => {
      const { lower, upper } = betaTails(x, a, b);
      return { value: isUpper ? tail - upper : lower - tail, slope: betaPower(x, a, b) / (1 - x) };
    },
  });
}

function requireShapes(a: number, b: number): void {
  if (!(a > 0 && a < Infinity)) throw new RangeError(`a: expected a number above 0, got ${a}`);
  if (!(b > 0 && b < Infinity)) throw new RangeError(`b: expected a number above 0, got ${b}`);
}
