import { studentMultiplier } from '../src/stats/student.ts';
import { median } from '../src/stats/quantile.ts';
import { byPlacement, type TwinPair, type TwinResult } from './twin.bench.ts';

/** Smaller differences are not worth a word, and more often the JIT compiler's mood than the change's effect. */
const CHANGE_MIN = 0.04;
const CONFIDENCE = 0.98;
/** Sessions that a placement must have been met in, on both sides. */
const SESSIONS_MIN = 6;

/** What became of the engine's speed, relative to the twin's, in one placement. */
export interface Change {
  readonly strategy: string;
  readonly placement: string;
  /** B over A; below 1 is slower. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: 'faster' | 'slower' | 'no change';
}

/**
 * Compares two results of the twin suite. Each pair's ratio to the twin takes the machine's state out; the unit of inference
 * is the median of a session, whose code was compiled once; B over A is judged by Welch's interval on its logarithm, and
 * counts as a change if that excludes 1 and the ratio is off by 4 % or more.
 */
export function compareTwins(before: readonly TwinResult[], after: readonly TwinResult[]): Change[] {
  return before.flatMap((one) => {
    const other = after.find(({ strategy }) => strategy === one.strategy);
    if (other === undefined) return [];
    const placements = byPlacement(other.pairs);
    return [...byPlacement(one.pairs)].flatMap(([placement, pairs]) => {
      const a = sessionLogs(pairs);
      const b = sessionLogs(placements.get(placement) ?? []);
      if (a.length < SESSIONS_MIN || b.length < SESSIONS_MIN) return [];
      return [{ strategy: one.strategy, placement, ...judged(a, b) }];
    });
  });
}

function judged(a: readonly number[], b: readonly number[]): Omit<Change, 'strategy' | 'placement'> {
  const difference = mean(b) - mean(a);
  const [va, vb] = [variance(a) / a.length, variance(b) / b.length];
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const margin =
    studentMultiplier({ confidence: CONFIDENCE, degrees: Math.max(1, degrees) }) * Math.sqrt(va + vb);
  const ratio = Math.exp(difference);
  const isChange = Math.abs(difference) > margin && Math.abs(ratio - 1) >= CHANGE_MIN;
  return {
    ratio,
    low: Math.exp(difference - margin),
    high: Math.exp(difference + margin),
    verdict: isChange ? (ratio < 1 ? 'slower' : 'faster') : 'no change',
  };
}

/** The logarithm of each session's median ratio to the twin. */
function sessionLogs(pairs: readonly TwinPair[]): number[] {
  const sessions = new Map<number, number[]>();
  for (const { session, engine, native } of pairs) {
    const ratio = engine.trialsPerSecond / native.trialsPerSecond;
    sessions.set(session, [...(sessions.get(session) ?? []), ratio]);
  }
  return [...sessions.values()].map((ratios) => Math.log(median(ratios)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}
