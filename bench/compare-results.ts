import { readFileSync } from 'node:fs';
import { welchRatio } from '../src/stats/welch-ratio.ts';
import { sentenceOf } from './compare/answer.ts';
import { OperandError } from './compare/operands.ts';
import {
  bySession,
  pairsIn,
  placementsOfPairs,
  trialsRatio,
  type TwinPair,
  type TwinResult,
} from './twin.bench.ts';

/** Smaller differences are not worth a word, and more often the JIT compiler's mood than the change's effect. */
const CHANGE_MIN = 0.04;
const CONFIDENCE = 0.98;
/** Sessions that a placement must have been met in, on both sides. */
const SESSIONS_MIN = 6;

/** Differences that count must be told apart from none; an interval that reaches beyond cannot. */
const RESOLUTION = 0.1;

/** What became of the time of a trial, relative to the twin's, in one placement. */
export interface Change {
  readonly strategy: string;
  readonly placement: string;
  /** Time of B over that of A; above 1 is slower. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: 'faster' | 'slower' | 'no change' | 'undecided';
}

/**
 * Compares two saved results of `npm run bench`, prints a line per strategy and placement, and returns the exit status: 1 if
 * anything got slower, 2 if that cannot be told.
 * @throws {OperandError} If a file is no such result.
 */
export function compareResults(paths: readonly string[]): number {
  const [before = [], after = []] = paths.map((path) => twinsOf(path));
  const changes = compareTwins(before, after);
  for (const change of changes) {
    const { strategy, placement } = change;
    process.stdout.write(`${strategy.padEnd(10)}${placement.padEnd(20)}${sentenceOf(change)}\n`);
  }
  const isOpen = changes.length === 0 || changes.some(({ verdict }) => verdict === 'undecided');
  if (isOpen) {
    const reason = changes.length === 0 ? 'no placement of the cores was met by six sessions of both; ' : '';
    process.stderr.write(
      `bench:compare: ${reason}two results of different runs do not tell; measure both builds in one run:\n` +
        '  npm run bench:compare REVISION_OR_DIRECTORY_A REVISION_OR_DIRECTORY_B\n',
    );
  }
  if (changes.some(({ verdict }) => verdict === 'slower')) return 1;
  return isOpen ? 2 : 0;
}

function twinsOf(path: string): readonly TwinResult[] {
  const notOne = (): OperandError => new OperandError(`${path}: not a result of npm run bench`);
  let result: unknown;
  try {
    result = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw notOne();
  }
  // As much of it as is looked at here; `schema` tells whether the rest holds.
  const { schema, suites } = (result ?? {}) as {
    readonly schema?: unknown;
    readonly suites?: { readonly twin?: readonly TwinResult[] };
  };
  if (schema !== 'ebtorture.bench/1') throw notOne();
  return suites?.twin ?? [];
}

/**
 * Compares two results of the twin suite. Each pair's ratio to the twin takes the machine's state out; the unit of inference
 * is the median of a session, whose code was compiled once; the time of B over that of A is judged by Welch's interval on its
 * logarithm, and counts as a change if that excludes 1 and the ratio is off by 4 % or more. "No change" says that the interval
 * excludes 10 %, too.
 */
export function compareTwins(before: readonly TwinResult[], after: readonly TwinResult[]): Change[] {
  return before.flatMap((one) => {
    const other = after.find(({ strategy }) => strategy === one.strategy);
    if (other === undefined) return [];
    const placements = placementsOfPairs([...one.pairs, ...other.pairs]);
    return placements.flatMap(({ roundTripNs }, index) => {
      const [a = [], b = []] = [one, other].map(({ pairs }) =>
        sessionLogs(pairsIn(pairs, placements, index)),
      );
      if (a.length < SESSIONS_MIN || b.length < SESSIONS_MIN) return [];
      const placement = `round trip ${roundTripNs.toFixed(0)} ns`;
      return [{ strategy: one.strategy, placement, ...judged(a, b) }];
    });
  });
}

function judged(a: readonly number[], b: readonly number[]): Omit<Change, 'strategy' | 'placement'> {
  const { ratio, low, high } = welchRatio({ a, b, confidence: CONFIDENCE });
  const isChange = (low > 1 || high < 1) && Math.abs(ratio - 1) >= CHANGE_MIN;
  const isClose = low >= 1 / (1 + RESOLUTION) && high <= 1 + RESOLUTION;
  const unchanged = isClose ? 'no change' : 'undecided';
  return { ratio, low, high, verdict: isChange ? (ratio < 1 ? 'faster' : 'slower') : unchanged };
}

/** The logarithm of each session's median time per trial, relative to the twin's. */
function sessionLogs(pairs: readonly TwinPair[]): number[] {
  return bySession(pairs).map((session) => -Math.log(trialsRatio(session)));
}
