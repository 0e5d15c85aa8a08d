/**
 * Bootstrap interval of any statistic over blocks (Efron and Tibshirani, "An Introduction to the Bootstrap",
 * 1993), for quantities without a formula of their own. For a rate use `rateInterval`: with tens of
 * correlated blocks it covers better.
 */

import { requireConfidence } from './confidence.ts';
import type { Interval } from './interval.ts';
import type { Prng } from './prng.ts';
import { quantile } from './quantile.ts';
import { normalProbability, normalQuantile } from './student.ts';

/** Settings of {@link bootstrapInterval}. */
export interface BootstrapOptions<Block> {
  /** The blocks in time order; at least two. */
  readonly blocks: readonly Block[];
  /** The quantity, computed from as many blocks as given; may return NaN for a resample without a value. */
  readonly statistic: (sample: readonly Block[]) => number;
  /** Between 0 and 1, such as 0.95. */
  readonly confidence: number;
  readonly prng: Prng;
  /**
   * Number of resamples, from 100.
   * @default 2000
   */
  readonly resamples?: number | undefined;
  /**
   * Neighbouring blocks drawn together (circular moving blocks, Politis and Romano 1992), to keep their
   * correlation; a few times the number of blocks after which rates are unrelated.
   * @default 1
   */
  readonly runLength?: number | undefined;
  /**
   * `bca` corrects bias and skewness by a jackknife, which assumes independent blocks; `percentile` takes
   * plain quantiles.
   * @default 'bca' for a run length of 1, otherwise 'percentile'
   */
  readonly method?: 'percentile' | 'bca' | undefined;
}

/**
 * The bootstrap interval of `statistic`.
 *
 * @throws {RangeError} If an option is outside its range, or the statistic is NaN for the blocks themselves.
 */
export function bootstrapInterval<Block>(options: BootstrapOptions<Block>): Interval {
  const { blocks, statistic, prng, resamples = 2000, runLength = 1 } = options;
  const tail = (1 - requireConfidence(options.confidence)) / 2;
  if (blocks.length < 2) throw new RangeError(`blocks: expected at least 2, got ${blocks.length}`);
  if (!Number.isInteger(resamples) || resamples < 100) {
    throw new RangeError(`resamples: expected an integer of 100 or above, got ${resamples}`);
  }
  if (!Number.isInteger(runLength) || runLength < 1 || runLength > blocks.length) {
    throw new RangeError(`runLength: expected an integer from 1 to ${blocks.length}, got ${runLength}`);
  }
  const observed = statistic(blocks);
  if (Number.isNaN(observed))
    throw new RangeError('statistic: expected a number for the blocks given, got NaN');

  const twice = [...blocks, ...blocks];
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample += 1) {
    const sample: Block[] = [];
    while (sample.length < blocks.length) {
      const start = prng.nextBelow(blocks.length);
      sample.push(...twice.slice(start, start + Math.min(runLength, blocks.length - sample.length)));
    }
    const value = statistic(sample);
    if (!Number.isNaN(value)) values.push(value);
  }
  const method = options.method ?? (runLength === 1 ? 'bca' : 'percentile');
  const at =
    method === 'bca' ? correctedTails({ blocks, statistic, observed, values, tail }) : [tail, 1 - tail];
  return { low: quantile(values, at[0] ?? tail), high: quantile(values, at[1] ?? 1 - tail) };
}

/** The two quantile levels of the bias-corrected and accelerated interval. */
function correctedTails<Block>(options: {
  readonly blocks: readonly Block[];
  readonly statistic: (sample: readonly Block[]) => number;
  readonly observed: number;
  readonly values: readonly number[];
  readonly tail: number;
}): readonly number[] {
  const { blocks, statistic, observed, values, tail } = options;
  const below = values.filter((value) => value < observed).length;
  const equal = values.filter((value) => value === observed).length;
  // Half a resample of distance from 0 and 1 keeps the normal quantile finite.
  const share = Math.min(
    Math.max((below + equal / 2) / values.length, 0.5 / values.length),
    1 - 0.5 / values.length,
  );
  const bias = normalQuantile(share);

  const leftOut = blocks.map((_, index) => statistic(blocks.toSpliced(index, 1)));
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let squares = 0;
  let cubes = 0;
  for (const value of leftOut) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
  return [tail, 1 - tail].map((level) => {
    const shifted = bias + normalQuantile(level);
    return normalProbability(bias + shifted / (1 - acceleration * shifted));
  });
}
