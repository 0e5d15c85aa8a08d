/**
 * How many times one quantity is another, where the two were measured apart from each other: in two runs, perhaps on two machines, so
 * that nothing pairs them. Both are positive and have intervals of their own, which need not be symmetric. The interval of their ratio
 * is put together of those on a logarithmic scale (the method of variance estimates recovery, MOVER; Donner and Zou, Statistical Methods
 * in Medical Research 21, 2012): of each quantity the side counts that would bring the ratio to that end. What widens an interval, few
 * starts of the threads or a host that drifts, so widens the ratio's by as much as it matters there.
 *
 * Coverage of the nominal 95 % interval of two rates: test/unit/stats/independent-ratio.test.ts.
 */
import { requireConfidence } from './confidence.ts';
import type { Interval } from './interval.ts';

/** A quantity of 0 or above within its interval; of one that is 0, `high` is a one-sided bound. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** The estimate at a confidence: the higher it is, the wider. */
export type EstimateAt = (confidence: number) => Estimate;

/** What is asked of two quantities. */
interface Two {
  readonly a: EstimateAt;
  readonly b: EstimateAt;
}

/** b / a within its interval. */
export interface IndependentRatio extends Interval {
  /** Null where one of the two is 0: then there are bounds alone. */
  readonly ratio: number | null;
  /** Infinity where `a` is 0. */
  readonly high: number;
  /** Two-sided: the smallest 1 - confidence at which the interval excludes 1. */
  readonly pValue: number;
}

/** Smaller probabilities are not told apart: no model of a host holds that far. */
const P_LEAST = 1e-9;
const HALVINGS = 40;

/**
 * The ratio b / a.
 *
 * @param options.confidence - Of the interval, between 0 and 1, such as 0.95.
 * @returns `undefined` if both are 0.
 * @throws {RangeError} If `confidence` is outside its range.
 */
export function independentRatio(
  options: Two & { readonly confidence: number },
): IndependentRatio | undefined {
  const confidence = requireConfidence(options.confidence);
  const [a, b] = [options.a(confidence).value, options.b(confidence).value];
  if (a === 0 && b === 0) return undefined;
  return {
    ratio: a === 0 || b === 0 ? null : b / a,
    ...ratioInterval(options, confidence),
    pValue: smallestAlpha((alpha) => {
      const { low, high } = ratioInterval(options, 1 - alpha);
      return low > 1 || high < 1;
    }),
  };
}

function ratioInterval({ a, b }: Two, confidence: number): Interval {
  const [before, after] = [a(confidence), b(confidence)];
  if (before.value === 0 || after.value === 0) {
    // Of one there is a bound alone: each takes half of what may be missed.
    const half = (1 + confidence) / 2;
    return before.value === 0
      ? { low: b(half).low / a(half).high, high: Infinity }
      : { low: 0, high: b(half).high / a(half).low };
  }
  const up = ({ value, high }: Estimate): number => Math.log(high / value);
  const down = ({ value, low }: Estimate): number => Math.log(value / low);
  const ratio = after.value / before.value;
  return {
    low: ratio * Math.exp(-Math.hypot(down(after), up(before))),
    high: ratio * Math.exp(Math.hypot(up(after), down(before))),
  };
}

/**
 * The smallest alpha from 1e-9 to 1 that is large enough for `isExcluded`, which holds for all that are larger than one for which it
 * holds: a p-value, made of intervals.
 */
export function smallestAlpha(isExcluded: (alpha: number) => boolean): number {
  if (isExcluded(P_LEAST)) return P_LEAST;
  let [below, above] = [Math.log(P_LEAST), 0];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (below + above) / 2;
    if (isExcluded(Math.exp(middle))) above = middle;
    else below = middle;
  }
  return Math.exp(above);
}
