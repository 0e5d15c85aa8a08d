import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../../src/stress/plan/harness-error.ts';
import { Spin } from '../../../src/stress/actor/spin.ts';

/** A spin whose clock advances by what `nsOf` says of the rounds that were waited since the last look. */
class FakeSpin extends Spin {
  static of(nsOf: (rounds: number, look: number) => number): FakeSpin {
    const state = { now: 0, look: 0, waited: 0 };
    return new FakeSpin(state, nsOf);
  }
  readonly #state: { waited: number };

  constructor(
    state: { now: number; look: number; waited: number },
    nsOf: (rounds: number, look: number) => number,
  ) {
    super(() => {
      state.now += nsOf(state.waited, state.look++);
      state.waited = 0;
      return BigInt(Math.round(state.now));
    });
    this.#state = state;
  }

  override wait(rounds: number): void {
    this.#state.waited += rounds;
  }
}

describe('Spin', () => {
  it('finds the ns of a round, whatever a look at the clock costs', () => {
    const spin = FakeSpin.of((rounds) => 1.25 * rounds + 60);

    expect(spin.calibrate()).toBeCloseTo(1.25, 3);
    expect(spin.measure()).toBeCloseTo(1.25, 1);
  });

  it('is not led astray by interruptions', () => {
    const spin = FakeSpin.of((rounds, look) => 1.25 * rounds + (look % 3 === 1 ? 4_000_000 : 0));

    expect(spin.calibrate()).toBeCloseTo(1.25, 3);
  });

  it('waits for the optimizing compiler: a loop that gets faster once is trusted afterwards', () => {
    const spin = FakeSpin.of((rounds, look) => (look < 40 ? 15 : 1.25) * rounds);

    expect(spin.calibrate()).toBeCloseTo(1.25, 3);
  });

  it.each([
    ['was removed', () => 60],
    ['takes its time once for any number of rounds', (rounds: number) => (rounds > 0 ? 300_000 : 0)],
  ])('refuses a loop that %s', (_what, nsOf) => {
    const refused = (): number => FakeSpin.of(nsOf).calibrate();

    expect(refused).toThrow(HarnessError);
    expect(refused).toThrow(/the start offset cannot be trusted: 40000 rounds .* twice as many/);
  });

  it('calls the host busy where twice the rounds always take longer than they should', () => {
    const refused = (): number => FakeSpin.of((rounds) => rounds ** 2 / 1e5).calibrate();

    expect(refused).toThrow(/^the host was busy: the loop behind start offsets was interrupted/);
  });

  it('takes real time in proportion to the rounds', () => {
    // Interruptions only lengthen: the shortest of many is what the loop takes, within a factor of two on any machine.
    const clock = (): bigint => process.hrtime.bigint();
    const spin = new Spin(clock);
    const shortest = (rounds: number): number => {
      let best = Infinity;
      for (let run = 0; run < 200; run++) {
        const startedAt = clock();
        spin.wait(rounds);
        best = Math.min(best, Number(clock() - startedAt));
      }
      return best;
    };
    shortest(20_000);

    expect(shortest(40_000) / shortest(10_000)).toBeGreaterThan(2);
  });
});
