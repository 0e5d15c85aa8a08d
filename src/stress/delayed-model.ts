import type { ModelClass } from '../fix/strategy.ts';
import type { AtomicsMemory } from '../memory/atomics-memory.ts';
import type { PointName } from '../model/point.ts';
import { HarnessError } from './harness-error.ts';

/** Delays by point, in rounds of `AtomicsMemory.delay`. */
export type DelayRounds = ReadonlyMap<PointName, number>;

/** Rounds of one calibration: about a millisecond. */
const CALIBRATION_ROUNDS = 400_000;
/** Calibrations, of which the fastest counts: a slower one was interrupted. */
const CALIBRATIONS = 12;
/** How far a delay of twice the rounds may be from twice the time. */
const TOLERANCE = 0.25;

/** The model of a strategy, held up at named points: `--delay`. */
export function withDelays(Base: ModelClass, memory: AtomicsMemory, rounds: DelayRounds): ModelClass {
  return class Delayed extends Base {
    protected override reached(point: PointName): void {
      const delay = rounds.get(point);
      if (delay !== undefined) memory.delay(delay);
    }
  };
}

/**
 * Turns delays in ns into rounds, by measuring the loop on this thread with `clock` in ns, and proves that the loop is
 * live: twice the rounds must take twice the time.
 * @throws {HarnessError} EB_DELAY_NOT_LIVE if they do not.
 */
export function calibrateDelays(
  memory: AtomicsMemory,
  delaysNs: Readonly<Record<string, number>>,
  clock: () => bigint,
): Map<string, number> {
  let once = 0;
  let twice = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    once = fastest(memory, CALIBRATION_ROUNDS, clock);
    twice = fastest(memory, 2 * CALIBRATION_ROUNDS, clock);
    if (Math.abs(twice / once - 2) <= 2 * TOLERANCE) {
      const nsPerRound = (twice - once) / CALIBRATION_ROUNDS;
      return new Map(Object.entries(delaysNs).map(([point, ns]) => [point, Math.round(ns / nsPerRound)]));
    }
  }
  throw new HarnessError(
    'EB_DELAY_NOT_LIVE',
    `the delay loop cannot be trusted: ${CALIBRATION_ROUNDS} rounds took ${once} ns, twice as many ${twice} ns; ` +
      'run without --delay, or on a machine that is less busy',
  );
}

function fastest(memory: AtomicsMemory, rounds: number, clock: () => bigint): number {
  let best = Infinity;
  for (let run = 0; run < CALIBRATIONS; run++) {
    const startedAt = clock();
    memory.delay(rounds);
    best = Math.min(best, Number(clock() - startedAt));
  }
  return best;
}
