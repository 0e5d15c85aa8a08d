import { busyHost, HarnessError } from '../plan/harness-error.ts';

/** Rounds of one calibration: some fifty microseconds, which other processes leave alone often enough. */
const CALIBRATION_ROUNDS = 40_000;
/** Calibrations, of which the fastest counts: a slower one was interrupted. */
const CALIBRATIONS = 40;
/** How often a calibration that is not linear is tried again: the first ones may run code that is not optimized yet. */
const ATTEMPTS = 10;
/** How far twice the rounds may be from twice the time, as a share of it. */
const TOLERANCE = 0.1;
/** Rounds of a measurement before a block: some ten microseconds. */
const CHECK_ROUNDS = 8_000;
const CHECKS = 4;

/**
 * A wait of some rounds of a loop, each of which takes a little more than a nanosecond: no clock of JavaScript is as
 * fine, reading one takes 50 ns. Every round needs the result of the one before, a multiplication and an addition, so that
 * its time is the latency of the two on any optimizing tier; the last result is kept, so that no tier removes the loop.
 */
export class Spin {
  readonly #clock: () => bigint;
  #last = 1;

  /** `clock` gives ns. */
  constructor(clock: () => bigint) {
    this.#clock = clock;
  }

  /** Waits for so many rounds; 0 or fewer are none. */
  wait(rounds: number): void {
    let last = this.#last;
    // The multiplier and the increment of a full-period generator (Numerical Recipes): no round can be predicted.
    for (let round = 0; round < rounds; round++) last = (Math.imul(last, 1_664_525) + 1_013_904_223) | 0;
    this.#last = last;
  }

  /**
   * Measures the loop and proves that it is live: twice the rounds must take twice the time. Returns ns per round.
   * @throws {HarnessError} ERR_DELAY_NOT_LIVE if they do not, ERR_HOST_BUSY if that cannot be told.
   */
  calibrate(): number {
    let once = 0;
    let twice = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      once = Infinity;
      twice = Infinity;
      // In turns: what else runs on the host slows both of a pair.
      for (let pair = 0; pair < CALIBRATIONS; pair++) {
        once = Math.min(once, this.#fastest(CALIBRATION_ROUNDS, 1));
        twice = Math.min(twice, this.#fastest(2 * CALIBRATION_ROUNDS, 1));
      }
      if (once > 0 && Math.abs(twice / once - 2) <= 2 * TOLERANCE) return (twice - once) / CALIBRATION_ROUNDS;
    }
    // Too short is a loop that an optimizer has cut; too long is one that others were in the way of, again and again.
    if (twice > 2 * once)
      throw busyHost('the loop behind start offsets was interrupted whenever it was measured');
    throw new HarnessError(
      'ERR_DELAY_NOT_LIVE',
      `the start offset cannot be trusted: ${CALIBRATION_ROUNDS} rounds of its loop took ${once} ns, twice as many ` +
        `${twice} ns; run without a start offset, or on a machine that is less busy`,
    );
  }

  /** ns per round as of now: processors change their clock rates. Takes some ten microseconds. */
  measure(): number {
    return this.#fastest(CHECK_ROUNDS, CHECKS) / CHECK_ROUNDS;
  }

  #fastest(rounds: number, runs: number): number {
    let best = Infinity;
    for (let run = 0; run < runs; run++) {
      const startedAt = this.#clock();
      this.wait(rounds);
      best = Math.min(best, Number(this.#clock() - startedAt));
    }
    return best;
  }
}
