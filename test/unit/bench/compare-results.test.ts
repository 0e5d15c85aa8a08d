import { describe, expect, it } from 'vitest';
import { compareTwins } from '../../../bench/compare-results.ts';
import type { TwinPair, TwinResult } from '../../../bench/twin.bench.ts';
import { normalQuantile } from '../../../src/stats/student.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';

/** Spread of the sessions' medians and of single pairs, as seen on a two-core host. */
const SESSION_SPREAD = 0.025;
const PAIR_SPREAD = 0.08;

/** A result whose engine runs at `speed` times the twin's, with both spreads. */
function synthetic(speed: number, seed: number, spread: number = SESSION_SPREAD): TwinResult {
  const prng = new Prng(seed);
  const normal = (): number => normalQuantile((prng.nextBelow(1_000_000) + 0.5) / 1_000_000);
  const pairs: TwinPair[] = [];
  for (let session = 0; session < 24; session++) {
    const luck = spread * normal();
    for (let pair = 0; pair < 2; pair++) {
      const native = 2.7e6 * Math.exp(0.2 * normal());
      const ratio = speed * Math.exp(luck + PAIR_SPREAD * normal());
      pairs.push({
        session,
        roundTripNs: 112,
        engine: { trialsPerSecond: native * ratio, violationsPerSecond: 0 },
        native: { trialsPerSecond: native, violationsPerSecond: 0 },
      });
    }
  }
  return { strategy: 'none', compiler: 'none', pairs };
}

const ALL = 400;
const REPETITIONS = runsOf(ALL);

function shareOf(verdict: string, speed: number): number {
  let count = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const [change] = compareTwins([synthetic(1, 2 * repetition)], [synthetic(speed, 2 * repetition + 1)]);
    if (change?.verdict === verdict) count++;
  }
  return count / REPETITIONS;
}

describe('compareTwins', () => {
  it('reports no change between results of the same engine, 19 times in 20', () => {
    expect(shareOf('no change', 1)).toBeGreaterThan(0.95 - leeway(0.95, ALL));
  });

  it('reports an engine that became 10 % slower, 19 times in 20', () => {
    expect(shareOf('slower', 1 / 1.1)).toBeGreaterThan(0.95 - leeway(0.95, ALL));
  });

  it('reports an engine that became 10 % faster, 19 times in 20', () => {
    expect(shareOf('faster', 1.1)).toBeGreaterThan(0.95 - leeway(0.95, ALL));
  });

  it('says that it cannot tell where sessions differ as much as they do from one run to the next', () => {
    const [change] = compareTwins([synthetic(1, 1, 0.2)], [synthetic(1, 2, 0.2)]);

    expect(change?.verdict).toBe('undecided');
  });

  it('says nothing about a placement that one side has not met', () => {
    const far = synthetic(1, 1);
    const pairs = far.pairs.map((pair) => Object.assign({}, pair, { roundTripNs: 450 }));

    expect(compareTwins([synthetic(1, 2)], [{ ...far, pairs }])).toEqual([]);
  });
});
