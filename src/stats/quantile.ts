/** Quantiles of a sample, for block quantiles and medians. */

/**
 * The sample quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, American
 * Statistician 50, 1996; the default of R and NumPy).
 *
 * @param sample - Any order; not changed; at least one value, none NaN.
 * @param p - From 0 (minimum) to 1 (maximum).
 * @throws {RangeError} If the sample is empty or holds NaN, or `p` is outside its range.
 */
export function quantile(sample: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p: expected a number from 0 to 1, got ${p}`);
  const sorted = ascending(sample);
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below];
  if (low === undefined) throw new RangeError('sample: expected at least one value, got none');
  const high = sorted[below + 1] ?? low;
  // Without the test two equal infinities would give NaN.
  return low === high ? low : low + (high - low) * (position - below);
}

/**
 * The sample median; the mean of the two middle values for an even number.
 *
 * @param sample - Any order; not changed; at least one value, none NaN.
 * @throws {RangeError} If the sample is empty or holds NaN.
 */
export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

function ascending(sample: readonly number[]): readonly number[] {
  if (sample.some((value) => Number.isNaN(value))) throw new RangeError('sample: expected numbers, got NaN');
  return sample.toSorted((left, right) => left - right);
}
