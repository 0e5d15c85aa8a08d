import { describe, expect, it } from 'vitest';
import { pairedRatio } from '../../../src/stats/paired-ratio.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { type StartPair, startRatio } from '../../../src/stats/start-ratio.ts';

const confidence = 0.95;
const TRUTH = 1.07;
const RUNS = 2_000;

/** What a run is made of; spreads are standard deviations of logarithms. */
interface Process {
  readonly starts: number;
  readonly pairs: number;
  /** Of the ratio, between starts. */
  readonly between: number;
  /** Of a pair, within its start. */
  readonly within: number;
  /** Share of pairs of which either side was stalled tenfold. */
  readonly stalled: number;
}

/** What was measured: starts move each arm by a fifth, blocks within a start by 5 %. */
const measured: Process = { starts: 8, pairs: 2, between: 0.28, within: 0.07, stalled: 0 };

function pairsOf(prng: Prng, { starts, pairs, between, within, stalled }: Process): StartPair[] {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - prng.nextFloat())) * Math.cos(2 * Math.PI * prng.nextFloat());
  return Array.from({ length: starts }, (_, start) => {
    const ofStart = TRUTH * Math.exp(between * normal());
    return Array.from({ length: pairs }, (): StartPair => {
      // The host drifts, both sides alike.
      const host = 1e6 * Math.exp(normal());
      const stall = prng.nextFloat() < stalled ? (prng.nextFloat() < 0.5 ? 0.1 : 10) : 1;
      return { start, a: host * ofStart * Math.exp(within * normal()) * stall, b: host };
    });
  }).flat();
}

function coverage(
  process: Process,
  intervalOf: (pairs: readonly StartPair[]) => { low: number; high: number },
): number {
  const prng = new Prng(41);
  let covered = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const { low, high } = intervalOf(pairsOf(prng, process));
    if (low <= TRUTH && TRUTH <= high) covered += 1;
  }
  return covered / RUNS;
}

const byStarts = (pairs: readonly StartPair[]): { low: number; high: number } =>
  startRatio({ pairs, confidence });
const byPairs = (pairs: readonly StartPair[]): { low: number; high: number } =>
  pairedRatio({ pairs, confidence });

describe('coverage of startRatio', () => {
  it('is a check that pairs of blocks fail by far, where starts differ', () => {
    expect(coverage({ ...measured, pairs: 16 }, byPairs)).toBeLessThan(0.75);
  });

  // Seeds are fixed; the standard error of a share of 2,000 runs is 0.5 points.
  it.each<[string, Partial<Process>]>([
    ['what was measured', {}],
    ['five starts', { starts: 5 }],
    ['32 starts', { starts: 32, pairs: 1 }],
    ['many pairs of a start', { pairs: 16 }],
    ['starts that differ much', { between: 0.9 }],
    ['starts that do not differ', { between: 0 }],
    ['pairs that differ more than starts', { between: 0.05, within: 0.3 }],
    ['pairs of which some were stalled', { pairs: 7, stalled: 0.05 }],
  ])('is 93 to 97 percent for %s', (_, change) => {
    const covered = coverage({ ...measured, ...change }, byStarts);
    expect(covered).toBeGreaterThanOrEqual(0.93);
    expect(covered).toBeLessThanOrEqual(0.97);
  });
});

describe('startRatio', () => {
  it('is narrower over eight starts with a pair each than the sign test, which has nothing but their range', () => {
    const prng = new Prng(5);
    const widths = { starts: 0, pairs: 0 };
    for (let run = 0; run < 300; run += 1) {
      const pairs = pairsOf(prng, { ...measured, pairs: 1 });
      const [over, within] = [byStarts(pairs), byPairs(pairs)];
      widths.starts += Math.log(over.high / over.low);
      widths.pairs += Math.log(within.high / within.low);
    }
    expect(widths.starts).toBeLessThan(0.75 * widths.pairs);
  });

  it('rests on pairs where there are too few starts, or none are known', () => {
    const pairs = pairsOf(new Prng(1), { ...measured, starts: 4 });
    const { median, low, high } = pairedRatio({ pairs, confidence });

    expect(startRatio({ pairs, confidence })).toEqual({ median, low, high, starts: 0 });
    const nameless = pairsOf(new Prng(1), measured).map(({ a, b }) => ({ a, b }));
    expect(startRatio({ pairs: nameless, confidence }).starts).toBe(0);
  });

  it('inverts when the arms are exchanged', () => {
    const pairs = pairsOf(new Prng(2), measured);
    const forth = startRatio({ pairs, confidence });
    const back = startRatio({ pairs: pairs.map(({ start, a, b }) => ({ start, a: b, b: a })), confidence });

    expect(forth.starts).toBe(8);
    expect(forth.median * back.median).toBeCloseTo(1, 12);
    expect(forth.low * back.high).toBeCloseTo(1, 12);
  });

  it('refuses no pairs', () => {
    expect(() => startRatio({ pairs: [], confidence })).toThrow(/at least one/);
  });
});
