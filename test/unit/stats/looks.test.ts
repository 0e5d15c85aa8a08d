import { describe, expect, it } from 'vitest';
import { lookAt, lookConfidence } from '../../../src/stats/looks.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { rateInterval } from '../../../src/stats/rate-interval.ts';
import { reductionAtLeast } from '../../../src/stats/reduction.ts';
import { syntheticBlocks, type RateProcess } from './synthetic-blocks.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';

const confidence = 0.95;
const process: RateProcess = { blocks: 160, trials: 1e5, rate: 1e-3, variation: 0.5, correlation: 0.3 };

describe('looks', () => {
  it('come geometrically and are counted', () => {
    const rounds = Array.from({ length: 100 }, (_, round) => round + 1).filter(
      (round) => lookAt(round, 'rounds') !== undefined,
    );
    expect(rounds).toEqual([12, 18, 27, 41, 62, 93]);
    expect(rounds.map((round) => lookAt(round, 'rounds'))).toEqual([1, 2, 3, 4, 5, 6]);
    expect([6, 9, 14, 21, 32, 48].map((start) => lookAt(start, 'starts'))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('spend no more than alpha however many they are', () => {
    let spent = 0;
    for (let look = 1; look <= 10_000; look += 1) spent += 1 - lookConfidence({ confidence, look });
    expect(spent).toBeLessThanOrEqual(0.05);
    expect(spent).toBeGreaterThan(0.0499);
    expect(() => lookConfidence({ confidence, look: 0 })).toThrow(/look/);
  });

  it('keep the nominal error where a run ends when its interval excludes the truth, which repeated 95 % do not', () => {
    // The worst stopping rule there is: end at the first look whose interval is wrong.
    const prng = new Prng(41);
    const runs = runsOf(1000);
    let wrong = 0;
    let wrongNaively = 0;
    for (let run = 0; run < runs; run += 1) {
      const blocks = syntheticBlocks(prng, process);
      const misses = (level: (look: number) => number): boolean =>
        blocks.some((_, index) => {
          const look = lookAt(index + 1, 'rounds');
          if (look === undefined) return false;
          const seen = blocks.slice(0, index + 1);
          const { low, high } = rateInterval({ blocks: seen, confidence: level(look) });
          return process.rate < low || process.rate > high;
        });
      if (misses((look) => lookConfidence({ confidence, look }))) wrong += 1;
      if (misses(() => confidence)) wrongNaively += 1;
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.05 + leeway(0.05, 1000));
    expect(wrongNaively / runs).toBeGreaterThan(0.12 - leeway(0.12, 1000));
  });

  it('end a run at a claimed 100-fold in at most 5 % of the runs where the fix leaves 1/90', () => {
    const prng = new Prng(43);
    const runs = runsOf(400);
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const control = syntheticBlocks(prng, process);
      const treated = syntheticBlocks(prng, { ...process, rate: process.rate / 90 });
      const isClaimed = control.some((_, index) => {
        const look = lookAt(index + 1, 'rounds');
        if (look === undefined) return false;
        const level = lookConfidence({ confidence, look });
        const claim = reductionAtLeast({
          control: control.slice(0, index + 1),
          treated: treated.slice(0, index + 1),
          confidence: level,
          residual: 'thinned',
        });
        return (claim?.fold ?? 0) >= 100;
      });
      if (isClaimed) wrong += 1;
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.05 + leeway(0.05, 400));
  });
});
