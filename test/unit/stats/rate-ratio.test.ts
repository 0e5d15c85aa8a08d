import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/stats/prng.ts';
import { type RatePair, rateRatio } from '../../../src/stats/rate-ratio.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';
import { twoLevelBlocks, type TwoLevelProcess } from './synthetic-blocks.ts';

const confidence = 0.95;
const ALL = 2000;
const RUNS = runsOf(ALL);

interface PairsProcess extends TwoLevelProcess {
  /** The true rate of `a` over that of `b`. */
  readonly ratio: number;
  /** Trials of `a` per trial of `b`. */
  readonly times: number;
  /** Coefficient of variation of the ratio between starts. */
  readonly own: number;
  /** Share of the blocks of `a` that are left out; a pair has four of them. */
  readonly missing: number;
}

const process: PairsProcess = {
  starts: 8,
  blocks: 3,
  trials: 1e4,
  rate: 3e-2,
  between: 0.5,
  variation: 0.2,
  correlation: 0,
  ratio: 0.7,
  times: 8,
  own: 0,
  missing: 0,
};

/** Pairs whose rates a start of the threads and the mood of the host set together, and the ratio of which a start may change. */
function pairsOf(prng: Prng, { ratio, times, own, missing, ...common }: PairsProcess): RatePair[] {
  // Of so many trials that the hits tell the rate of each pair.
  const precise = 1e9;
  const rates = twoLevelBlocks(prng, { ...common, trials: precise });
  const steady = { ...common, starts: 1, blocks: 1, variation: 0 };
  const byStart = Array.from({ length: common.starts }, () =>
    own === 0
      ? ratio
      : (ratio *
          (twoLevelBlocks(prng, { ...steady, trials: precise, rate: 0.1, between: own })[0]?.hits ?? 0)) /
        (0.1 * precise),
  );
  const hitsOf = (trials: number, rate: number): number =>
    twoLevelBlocks(prng, { ...steady, trials, rate, between: 1e-6 })[0]?.hits ?? 0;
  return rates.map(({ hits, start }) => {
    const rate = hits / precise;
    const left = [0, 1, 2].filter(() => prng.nextFloat() >= missing).length + 1;
    const trials = (common.trials * times * left) / 4;
    return {
      a: { trials, hits: hitsOf(trials, rate * (byStart[start ?? 0] ?? ratio)) },
      b: { trials: common.trials, hits: hitsOf(common.trials, rate) },
      start,
    };
  });
}

function coverage(setting: PairsProcess): number {
  const prng = new Prng(11);
  let covered = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const found = rateRatio({ pairs: pairsOf(prng, setting), confidence });
    if (found === undefined || (found.low <= setting.ratio && setting.ratio <= found.high)) covered += 1;
  }
  return covered / RUNS;
}

describe('coverage of rateRatio', () => {
  it.each<[string, Partial<PairsProcess>]>([
    ['eight instances against one', {}],
    ['one against eight', { ratio: 1 / 0.7, times: 1 / 8, trials: 8e4 }],
    ['starts that change the ratio', { own: 0.2, between: 0.25 }],
    ['64 instances', { times: 64, trials: 1e3, ratio: 3 }],
    ['32 starts of a pair each', { starts: 32, blocks: 1, own: 0.3 }],
    ['one start', { starts: 1, blocks: 30 }],
    ['a hundred violations alone', { rate: 4e-4 }],
  ])('is 93 to 98 percent for %s', (_, change) => {
    const covered = coverage({ ...process, ...change });
    expect(covered).toBeGreaterThanOrEqual(0.93 - leeway(0.95, ALL));
    expect(covered).toBeLessThanOrEqual(0.98 + leeway(0.95, ALL));
  });

  it.each<[string, Partial<PairsProcess>]>([
    ['a handful of violations', { rate: 2e-5 }],
    ['many blocks that are left out', { missing: 0.4, between: 0.25 }],
  ])('is at least 93 percent for %s', (_, change) => {
    expect(coverage({ ...process, ...change })).toBeGreaterThanOrEqual(0.93 - leeway(0.95, ALL));
  });
});

describe('rateRatio', () => {
  const pairs = Array.from({ length: 6 }, (_, start): RatePair => ({
    a: { trials: 8_000, hits: 240 },
    b: { trials: 1_000, hits: 60 },
    start,
  }));

  it('is that of the pooled rates, within its interval', () => {
    const found = rateRatio({ pairs, confidence });
    expect(found?.ratio).toBeCloseTo(0.5, 12);
    expect(found?.low).toBeLessThan(0.5);
    expect(found?.high).toBeGreaterThan(0.5);
    expect(found?.starts).toBe(6);
  });

  it('is the other one turned round', () => {
    const found = rateRatio({ pairs, confidence });
    const other = rateRatio({ pairs: pairs.map(({ a, b, start }) => ({ a: b, b: a, start })), confidence });
    expect(other?.ratio).toBeCloseTo(1 / (found?.ratio ?? 0), 10);
    expect(other?.low).toBeCloseTo(1 / (found?.high ?? 0), 10);
    expect(other?.high).toBeCloseTo(1 / (found?.low ?? 0), 10);
  });

  it('is narrower than what starts vary by, if that hits both alike', () => {
    const uneven = pairs.map(({ a, b, start = 0 }) => {
      const times = 1 + start ** 2;
      return { a: { ...a, hits: 10 * times }, b: { ...b, hits: 5 * times }, start };
    });
    const { low = 0, high = Infinity } = rateRatio({ pairs: uneven, confidence }) ?? {};
    // 55 and 275 hits: what counting leaves is a factor of 1.3 to either side.
    expect(high / low).toBeLessThan(2);
  });

  it('has one end where one of the two has no hits, and says nothing where neither has', () => {
    const without = pairs.map(({ a, b, start }) => ({ a, b: { ...b, hits: 0 }, start }));
    const found = rateRatio({ pairs: without, confidence });
    expect(found).toMatchObject({ ratio: Infinity, high: Infinity });
    expect(found?.low).toBeGreaterThan(0);
    const silent = without.map(({ a, b }) => ({ a: { ...a, hits: 0 }, b }));
    expect(rateRatio({ pairs: silent, confidence })).toBeUndefined();
    expect(rateRatio({ pairs: [], confidence })).toBeUndefined();
  });

  it('is no higher for pairs with many trials of one condition where the rates of both are high', () => {
    const uneven = [1, 2, 3, 4, 5, 6].map((times, start): RatePair => ({
      a: { trials: 1_000 * times, hits: 5 * times * times },
      b: { trials: 1_000, hits: 10 * times },
      start,
    }));
    expect(rateRatio({ pairs: uneven, confidence })?.ratio).toBeCloseTo(0.5, 10);
    const rate = (of: 'a' | 'b'): number =>
      uneven.reduce((sum, pair) => sum + pair[of].hits, 0) /
      uneven.reduce((sum, pair) => sum + pair[of].trials, 0);
    expect(rate('a') / rate('b')).toBeGreaterThan(0.6);
  });

  it('leaves out pairs of which one block has no trials', () => {
    const more = [...pairs, { a: { trials: 5, hits: 5 }, b: { trials: 0, hits: 0 }, start: 7 }];
    expect(rateRatio({ pairs: more, confidence })).toEqual(rateRatio({ pairs, confidence }));
  });
});
