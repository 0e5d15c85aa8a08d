/**
 * How many times as fast one arm is as another. Blocks of both that ran close to each other are paired, which removes the
 * drift of the host; what the JIT compiler makes of either arm at a start of the threads stays in all pairs of that start, so
 * that starts, not pairs, are what varies independently (see start-totals.ts).
 */

import { requireConfidence } from './confidence.ts';
import { type Pair, pairedRatio } from './paired-ratio.ts';
import { median } from './quantile.ts';
import { STARTS_MIN } from './start-totals.ts';
import { studentMultiplier } from './student.ts';

/** Two measurements close to each other, and the start of the threads that they belong to. */
export interface StartPair extends Pair {
  /** Undefined where starts are not known: such pairs tell of no start. */
  readonly start?: number | undefined;
}

/** A ratio of speeds, in the middle of its interval, and the starts that this rests on. */
export interface StartRatio {
  /** An estimate of the median over starts: their geometric mean. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** 0 where there are too few, so that it rests on pairs, and holds for these starts only. */
  readonly starts: number;
}

/**
 * The ratio a / b over starts: of each start the median over its pairs, and over starts the mean of logarithms with Student's
 * interval. With fewer than five starts the median over pairs, with that of the sign test.
 *
 * @param options.pairs - At least one; every value above 0 and finite.
 * @param options.confidence - Between 0 and 1, such as 0.95.
 * @throws {RangeError} As `pairedRatio`.
 */
export function startRatio(options: {
  readonly pairs: readonly StartPair[];
  readonly confidence: number;
}): StartRatio {
  const confidence = requireConfidence(options.confidence);
  const { median: middle, low, high } = pairedRatio(options);
  const byStart = new Map<number, number[]>();
  for (const { start, a, b } of options.pairs) {
    if (start === undefined) continue;
    const logs = byStart.get(start) ?? [];
    byStart.set(start, logs);
    logs.push(Math.log(a / b));
  }
  const starts = byStart.size;
  if (starts < STARTS_MIN) return { median: middle, low, high, starts: 0 };
  const logs = [...byStart.values()].map(median);
  const mean = logs.reduce((sum, log) => sum + log, 0) / starts;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (starts - 1);
  const reach = studentMultiplier({ confidence, degrees: starts - 1 }) * Math.sqrt(variance / starts);
  return { median: Math.exp(mean), low: Math.exp(mean - reach), high: Math.exp(mean + reach), starts };
}
