import type { ModelClass } from '../../fix/strategy.ts';
import type { AtomicsMemory } from '../../memory/atomics-memory.ts';
import { busyHost, HarnessError } from '../plan/harness-error.ts';

/** Delays by point, in rounds of `AtomicsMemory.delay`. */
export type DelayRounds = ReadonlyMap<string, number>;

/** Rounds of one calibration: a tenth of a millisecond, which other processes leave alone often enough. */
const CALIBRATION_ROUNDS = 40_000;
/** Calibrations, of which the fastest counts: a slower one was interrupted. */
const CALIBRATIONS = 40;
/** How often to try, about 20 ms each: the JIT compiler may come in between, or a busy machine. */
const ATTEMPTS = 10;
/** How far a delay of twice the rounds may be from twice the time. */
const TOLERANCE = 0.25;
/** No processor loads faster than this, and no tier of V8 is slower than that. */
const ROUND_NS_MIN = 0.1;
const ROUND_NS_MAX = 1_000;

/** The model of a strategy, held up at named points: `--delay`. */
export function withDelays(Base: ModelClass, memory: AtomicsMemory, rounds: DelayRounds): ModelClass {
  return class Delayed extends Base {
    protected override reached(point: string): void {
      super.reached(point);
      const delay = rounds.get(point);
      if (delay !== undefined) memory.delay(delay);
    }
  };
}

/** Turns delays in ns into rounds of the loop. */
export function delayRounds(
  delaysNs: Readonly<Record<string, number>>,
  nsPerRound: number,
): ReadonlyMap<string, number> {
  return new Map(Object.entries(delaysNs).map(([point, ns]) => [point, Math.round(ns / nsPerRound)]));
}

/**
 * Measures the delay loop on this thread with `clock` in ns, and proves that it is live: twice the rounds must take twice
 * the time, and a round the time of a load. Returns ns per round.
 * @throws {HarnessError} ERR_DELAY_NOT_LIVE if that is not so: the delays asked for would not be those that are had; ERR_HOST_BUSY if it
 * cannot be told.
 */
export function calibrateDelay(memory: Pick<AtomicsMemory, 'delay'>, clock: () => bigint): number {
  let once = 0;
  let twice = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    once = Infinity;
    twice = Infinity;
    // In turns: what else runs on the host slows both of a pair.
    for (let pair = 0; pair < CALIBRATIONS; pair++) {
      once = Math.min(once, taken(memory, CALIBRATION_ROUNDS, clock));
      twice = Math.min(twice, taken(memory, 2 * CALIBRATION_ROUNDS, clock));
    }
    const nsPerRound = (twice - once) / CALIBRATION_ROUNDS;
    const isLinear = Math.abs(twice / once - 2) <= 2 * TOLERANCE;
    if (isLinear && nsPerRound >= ROUND_NS_MIN && nsPerRound <= ROUND_NS_MAX) return nsPerRound;
  }
  if (twice > 2 * once) throw busyHost('the loop behind delays was interrupted whenever it was measured');
  throw new HarnessError(
    'ERR_DELAY_NOT_LIVE',
    `the delay loop cannot be trusted: ${CALIBRATION_ROUNDS} rounds took ${once} ns, twice as many ${twice} ns; ` +
      'run without --delay, --jitter and --stall, or on a machine that is less busy',
  );
}

function taken(memory: Pick<AtomicsMemory, 'delay'>, rounds: number, clock: () => bigint): number {
  const startedAt = clock();
  memory.delay(rounds);
  return Number(clock() - startedAt);
}
