/**
 * How many times the rate of one condition is that of another, in blocks of both that ran close to each other. What a start of the
 * threads and the mood of the host do to the rate hits both blocks of a pair alike, so that it is not the two rates that are
 * compared but, pair by pair, how the hits divide among them: of the hits of a pair, the share that falls to one condition depends on
 * the ratio and on the trials of both alone. That share is a rate like any other, hits of one condition per hit of either, and has the
 * interval of one (rate-interval.ts): over starts, or over pairs where starts are few.
 *
 * Where a pair has more trials of one condition than others have, it counts by what that leads to expect (the conditional maximum
 * likelihood estimate): to add up all trials first would take pairs with high rates for a higher ratio. The interval takes that as one
 * more reason for the share to vary, and becomes wider. Coverage of the nominal 95 % interval (test/unit/stats/rate-ratio.test.ts): 93-98 %;
 * it falls to 92.7 % with eight starts that differ by half in rate and by a fifth in the ratio, of which the few with high rates decide.
 */

import { type BlockSample, blockTotals } from './block.ts';
import { rateInterval } from './rate-interval.ts';
import { increasingRoot } from './root.ts';
import { startsCounted } from './start-totals.ts';

/** The blocks of both conditions that ran close to each other, added up. */
export interface RatePair {
  readonly a: Pick<BlockSample, 'trials' | 'hits'>;
  readonly b: Pick<BlockSample, 'trials' | 'hits'>;
  /** Start of the threads that they belong to. */
  readonly start?: number | undefined;
}

/** A ratio of rates with its interval. */
export interface RateRatio {
  /** The rate of `a` over that of `b`; 0 if only `b` has hits, Infinity if only `a` has. */
  readonly ratio: number;
  readonly low: number;
  /** Infinity where `b` has no hits. */
  readonly high: number;
  /** Starts that it rests on; 0 where there are too few, so that it rests on pairs, and holds for these starts only. */
  readonly starts: number;
}

/**
 * The rate of `a` over that of `b`.
 *
 * @param options.pairs - In time order; those in which either has no trial are left out.
 * @param options.confidence - Between 0 and 1, such as 0.95; one-sided where one of the two has no hits.
 * @returns `undefined` where nothing can be said: no pair, or no hit of either.
 * @throws {RangeError} If a block is malformed or `confidence` is outside its range.
 */
export function rateRatio(options: {
  readonly pairs: readonly RatePair[];
  readonly confidence: number;
}): RateRatio | undefined {
  const { confidence } = options;
  const pairs = options.pairs.filter(({ a, b }) => a.trials > 0 && b.trials > 0);
  const [a, b] = [blockTotals(pairs.map((pair) => pair.a)), blockTotals(pairs.map((pair) => pair.b))];
  if (a.hits + b.hits === 0) return undefined;
  // The share of the condition with fewer hits: near 1 the interval would lack its correction for skewed counts.
  const isOfA = a.hits <= b.hits;
  const split = pairs.map(({ a: ofA, b: ofB, start }): BlockSample => ({
    trials: ofA.hits + ofB.hits,
    hits: (isOfA ? ofA : ofB).hits,
    start,
  }));
  const share = rateInterval({ blocks: split, confidence });
  const odds = (part: number): number => part / (1 - part);
  const [one, other] = isOfA ? [a, b] : [b, a];
  const ratio = one.hits === 0 ? 0 : likeliestRatio(pairs, isOfA ? ['a', 'b'] : ['b', 'a']);
  // What an end of the share makes of the ratio: as its odds are to those of the share, or, without a hit, to those of equal rates.
  const per = one.hits === 0 ? other.trials / one.trials : ratio / odds(share.rate);
  const found = { ratio, low: odds(share.low) * per, high: odds(share.high) * per };
  return {
    ...(isOfA ? found : { ratio: 1 / found.ratio, low: 1 / found.high, high: 1 / found.low }),
    starts: startsCounted(split),
  };
}

/** The ratio of the first condition's rate to the second's under which it is expected to have as many of the hits of all pairs as it has. */
function likeliestRatio(
  pairs: readonly RatePair[],
  [first, second]: readonly ['a', 'b'] | readonly ['b', 'a'],
): number {
  const hits = pairs.reduce((sum, pair) => sum + pair[first].hits, 0);
  return increasingRoot({
    low: Number.MIN_VALUE,
    high: Number.MAX_VALUE,
    start: 1,
    evaluate: (ratio) => {
      let [value, slope] = [-hits, 0];
      for (const pair of pairs) {
        const weight = ratio * (pair[first].trials / pair[second].trials);
        const share = weight === Infinity ? 1 : weight / (1 + weight);
        const both = pair[first].hits + pair[second].hits;
        value += both * share;
        slope += both * share * (1 - share);
      }
      return { value, slope };
    },
  });
}
