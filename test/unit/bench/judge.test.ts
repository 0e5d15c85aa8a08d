import { describe, expect, it } from 'vitest';
import { type Finding, findingOf, isPrecise, type SessionPair } from '../../../bench/compare/judge.ts';
import { verdictOf } from '../../../bench/compare/answer.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { normalQuantile } from '../../../src/stats/student.ts';

const PAIRS_MAX = 48;
const LINES = 2;
const REPETITIONS = 200;

interface Machine {
  /** Standard deviation of a session's logarithm: what was measured on a two-core host is 0.04. */
  readonly spread: number;
  /** How often a session is disturbed, and then takes up to twice as long: 1 in 12 was seen. */
  readonly disturbed: number;
  /** How often the host moves the cores apart between two sessions. */
  readonly moved: number;
}
const QUIET: Machine = { spread: 0.04, disturbed: 0, moved: 0 };
/** As while other processes worked: differences of pairs spread by 0.06 to 0.1, a few of them far out. */
const SHARED: Machine = { spread: 0.045, disturbed: 0.04, moved: 0.05 };
/** Beyond what can be measured on: answers may stay open, but must not be wrong. */
const BUSY: Machine = { spread: 0.05, disturbed: 0.08, moved: 0.15 };

/** Measures a line as `measureBuilds` does, with B so many times slower. */
function measured(slower: number, prng: Prng, { spread, disturbed, moved }: Machine): Finding {
  const normal = (): number => normalQuantile((prng.nextBelow(1_000_000) + 0.5) / 1_000_000);
  let isFar = false;
  const session = (times: number): SessionPair['a'] => {
    if (prng.nextFloat() < moved) isFar = !isFar;
    const extra = prng.nextFloat() < disturbed ? 1 + prng.nextFloat() : 1;
    return {
      nsPerTrial: 330 * times * (isFar ? 2.3 : 1) * extra * Math.exp(spread * normal()),
      roundTripNs: (isFar ? 650 : 240) * Math.exp(0.1 * normal()),
    };
  };
  const pairs: SessionPair[] = [];
  while (pairs.length < PAIRS_MAX && !isPrecise(pairs, LINES))
    pairs.push({ a: session(1), b: session(slower) });
  return findingOf(pairs, LINES);
}

/** How often an answer of two lines is the verdict. */
function shareOf(verdict: Finding['verdict'], slower: number, machine: Machine): number {
  let count = 0;
  for (let seed = 0; seed < REPETITIONS; seed++) {
    const prng = new Prng(seed);
    const lines = [measured(slower, prng, machine), measured(slower, prng, machine)];
    if (verdictOf(lines) === verdict) count++;
  }
  return count / REPETITIONS;
}

describe('findingOf', () => {
  it.each([
    ['a quiet machine', QUIET],
    ['a shared machine', SHARED],
  ])('says "no change" of the same build in more than 19 of 20 answers on %s', (_name, machine) => {
    expect(shareOf('no change', 1, machine)).toBeGreaterThan(0.95);
  });

  it.each([
    ['a quiet machine', QUIET],
    ['a shared machine', SHARED],
    ['a busy machine', BUSY],
  ])('sees a build that is slower by a tenth in more than 19 of 20 answers on %s', (_name, machine) => {
    expect(shareOf('slower', 1.1, machine)).toBeGreaterThan(0.95);
  });

  it('sees a build that takes 10 % less time in more than 19 of 20 answers', () => {
    expect(shareOf('faster', 1 / 1.1, QUIET)).toBeGreaterThan(0.95);
  });

  it('does not call the same build slower or faster more often than it promises, whenever it stops', () => {
    const alarms = shareOf('slower', 1, BUSY) + shareOf('faster', 1, BUSY);

    // 1 % is promised; of 200 answers, more than 7 false ones come up once in 1000 times.
    expect(alarms).toBeLessThanOrEqual(7 / REPETITIONS);
  });

  it('leaves out pairs whose sessions had differently placed cores', () => {
    const near = { nsPerTrial: 330, roundTripNs: 240 };
    const far = { nsPerTrial: 760, roundTripNs: 650 };
    const alike = Array.from({ length: 12 }, () => ({ a: near, b: near }));
    const both = Array.from({ length: 4 }, () => ({ a: far, b: far }));

    const { pairs, pairsApart, verdict } = findingOf(
      [...alike, ...both, { a: near, b: far }, { a: far, b: near }],
      LINES,
    );

    expect({ pairs, pairsApart, verdict }).toEqual({ pairs: 16, pairsApart: 2, verdict: 'no change' });
  });

  it('is undecided with too few pairs, and where the interval reaches beyond 10 %', () => {
    const pair = (b: number): SessionPair => ({
      a: { nsPerTrial: 100, roundTripNs: null },
      b: { nsPerTrial: b, roundTripNs: null },
    });

    expect(findingOf([], LINES).verdict).toBe('undecided');
    expect(findingOf([pair(150), pair(150), pair(150)], LINES).verdict).toBe('undecided');
    expect(
      findingOf(
        Array.from({ length: 12 }, (_, index) => pair(80 + 4 * index)),
        LINES,
      ).verdict,
    ).toBe('undecided');
  });
});
