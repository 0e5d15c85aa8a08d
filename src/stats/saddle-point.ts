/**
 * The two ingredients of Loader's saddle-point form of the binomial and Poisson densities (C. Loader, "Fast
 * and accurate computation of binomial probabilities", 2000; the form R uses in dbinom). They replace
 * differences of log-gamma values, which lose all but three digits at 10^12 trials.
 */

/** From this argument on, five terms of the Stirling series are exact to double precision. */
const SERIES_FROM = 16;

/** ln Gamma(n + 1) minus its Stirling approximation, for any real `n` above 0. */
export function stirlingError(n: number): number {
  let sum = 0;
  let at = n;
  while (at < SERIES_FROM) {
    sum += (at + 0.5) * Math.log1p(1 / at) - 1;
    at += 1;
  }
  const square = at * at;
  // Bernoulli series 1/12n - 1/360n^3 + 1/1260n^5 - 1/1680n^7 + 1/1188n^9.
  const series =
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / at;
  return sum + series;
}

/**
 * The deviance part x ln(x / mean) + mean - x, accurate when `x` is close to `mean`.
 *
 * @param x - Observed value, above 0.
 * @param mean - Expected value, above 0.
 */
export function devianceTerm(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  // Series in v = (x - mean) / (x + mean): the leading squares are formed without cancellation.
  const v = difference / (x + mean);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let odd = 3; odd < 1000; odd += 2) {
    power *= v * v;
    const next = sum + power / odd;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
