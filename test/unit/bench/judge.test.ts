import { describe, expect, it } from 'vitest';
import {
  type BlockSample,
  type Finding,
  findingOf,
  isPrecise,
  type StartPair,
} from '../../../bench/compare/judge.ts';
import { verdictOf } from '../../../bench/compare/answer.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { normalQuantile } from '../../../src/stats/student.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';

const STARTS_MAX = 48;
/** Fewer than are measured: what is simulated is harder. */
const BLOCKS = 10;
const LINES = 2;
const ALL = 100;
const REPETITIONS = runsOf(ALL);

interface Machine {
  /** Standard deviation of a start's logarithm: on one core 0.02 was measured on a two-core host, beside other work 0.03. */
  readonly start: number;
  /** The same of a block. */
  readonly block: number;
  /** How often a block is disturbed, and then takes up to three times as long. */
  readonly disturbed: number;
  /** How often the host moves the cores apart between two blocks. */
  readonly moved: number;
}
const QUIET: Machine = { start: 0.02, block: 0.02, disturbed: 0, moved: 0 };
const SHARED: Machine = { start: 0.035, block: 0.1, disturbed: 0.1, moved: 0.02 };
/** Beyond what can be measured on: answers may stay open, but must not be wrong. */
const BUSY: Machine = { start: 0.06, block: 0.2, disturbed: 0.3, moved: 0.1 };

/** Measures a line as `measureBuilds` does, with B so many times slower. */
function measured(slower: number, prng: Prng, { start, block, disturbed, moved }: Machine): Finding {
  const normal = (): number => normalQuantile((prng.nextBelow(1_000_000) + 0.5) / 1_000_000);
  let isFar = false;
  const started = (times: number): (() => BlockSample) => {
    const ns = 330 * times * Math.exp(start * normal());
    return () => {
      if (prng.nextFloat() < moved) isFar = !isFar;
      const extra = prng.nextFloat() < disturbed ? 1 + 2 * prng.nextFloat() : 1;
      return {
        nsPerTrial: ns * (isFar ? 2.3 : 1) * extra * Math.exp(block * normal()),
        roundTripNs: (isFar ? 650 : 240) * Math.exp(0.1 * normal()),
      };
    };
  };
  const starts: StartPair[] = [];
  while (starts.length < STARTS_MAX && !isPrecise(starts, LINES)) {
    const [a, b] = [started(1), started(slower)];
    starts.push({ blocks: Array.from({ length: BLOCKS }, () => ({ a: a(), b: b() })) });
  }
  return findingOf(starts, LINES);
}

/** How often an answer of two lines is one of the verdicts. */
function shareOf(verdicts: string, slower: number, machine: Machine): number {
  let count = 0;
  for (let seed = 0; seed < REPETITIONS; seed++) {
    const prng = new Prng(seed);
    const lines = [measured(slower, prng, machine), measured(slower, prng, machine)];
    if (verdicts.includes(verdictOf(lines))) count++;
  }
  return count / REPETITIONS;
}

describe('findingOf', () => {
  it.each([
    ['a quiet machine', QUIET],
    ['a shared machine', SHARED],
  ])('says "no change" of the same build in more than 19 of 20 answers on %s', (_name, machine) => {
    expect(shareOf('no change', 1, machine)).toBeGreaterThan(0.95 - leeway(0.95, ALL));
  });

  it.each([
    ['a quiet machine', QUIET],
    ['a shared machine', SHARED],
  ])('sees a build that is slower by a tenth in more than 19 of 20 answers on %s', (_name, machine) => {
    expect(shareOf('slower', 1.1, machine)).toBeGreaterThan(0.95 - leeway(0.95, ALL));
  });

  it('sees a build that takes 10 % less time in more than 19 of 20 answers', () => {
    expect(shareOf('faster', 1 / 1.1, QUIET)).toBeGreaterThan(0.95 - leeway(0.95, ALL));
  });

  it('does not call the same build slower or faster more often than it promises, whenever it stops', () => {
    const alarms = shareOf('slower or faster', 1, BUSY);

    // 1 % is promised; of 100 answers, more than 5 false ones come up once in 1000 times.
    expect(alarms).toBeLessThanOrEqual(0.05 + leeway(0.01, ALL));
  });

  it('leaves out pairs of blocks whose cores were placed differently', () => {
    const near = { nsPerTrial: 330, roundTripNs: 240 };
    const far = { nsPerTrial: 760, roundTripNs: 650 };
    const same = Array.from({ length: 8 }, (_, index) =>
      index < 2 ? { a: far, b: far } : { a: near, b: near },
    );
    const starts = Array.from({ length: 12 }, () => ({
      blocks: [...same, { a: near, b: far }, { a: far, b: near }],
    }));

    const { starts: used, apart, ratio, verdict } = findingOf(starts, LINES);

    expect({ used, ratio, verdict }).toEqual({ used: 12, ratio: 1, verdict: 'no change' });
    expect(apart).toBeCloseTo(0.2);
  });

  it('leaves out a start that has hardly a pair left', () => {
    const near = { nsPerTrial: 330, roundTripNs: 240 };
    const far = { nsPerTrial: 760, roundTripNs: 650 };
    const good = { blocks: Array.from({ length: 20 }, () => ({ a: near, b: near })) };
    const moved = { blocks: Array.from({ length: 20 }, () => ({ a: near, b: far })) };

    expect(findingOf([...Array.from({ length: 11 }, () => good), moved], LINES).starts).toBe(11);
  });

  it('takes more blocks of a start for no more than one start', () => {
    const start = (b: number): StartPair => ({
      blocks: Array.from({ length: 1000 }, () => ({
        a: { nsPerTrial: 100, roundTripNs: null },
        b: { nsPerTrial: b, roundTripNs: null },
      })),
    });

    expect(findingOf([], LINES).verdict).toBe('undecided');
    expect(findingOf([start(150), start(150), start(150)], LINES).verdict).toBe('undecided');
    expect(
      findingOf(
        Array.from({ length: 12 }, (_, index) => start(80 + 4 * index)),
        LINES,
      ).verdict,
    ).toBe('undecided');
  });
});
