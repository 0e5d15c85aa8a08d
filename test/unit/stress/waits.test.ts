import { BARE_ROLE } from '../../../src/scenario/bare-role.ts';
import { describe, expect, it } from 'vitest';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import type { ActorContext } from '../../../src/scenario/scenario.ts';
import type { SettingActor } from '../../../src/scenario/setting.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { calibrateDelay } from '../../../src/stress/actor/delayed-model.ts';
import { HarnessError } from '../../../src/stress/plan/harness-error.ts';
import { checkWaits, jittered, stalled, stallNs, type Waiter } from '../../../src/stress/actor/waits.ts';

function waiterOf(seed: number): Waiter & { readonly delays: number[] } {
  const delays: number[] = [];
  const chance = new Prng(seed);
  return { delays, delay: (rounds) => delays.push(rounds), nsPerRound: 2, chance: () => chance };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operations below look at nothing in it
const context = {} as ActorContext;
const place: SettingActor = {
  role: {
    name: 'finder',
    ...BARE_ROLE,
    program: [
      { name: 'first', run: (_context, carried) => carried + 1 },
      { name: 'second', run: () => 0 },
    ],
  },
  ordinal: 0,
  label: 'finder',
  epilogue: undefined,
};

describe('jittered', () => {
  it('waits uniformly up to the time before the first operation, and changes nothing else', () => {
    const waiter = waiterOf(1);
    const late = jittered(place, 400, waiter);
    const [first, second] = late.role.program;
    for (let trial = 0; trial < 2000; trial++) expect(first?.run(context, 41)).toBe(42);

    expect(first?.name).toBe('first');
    expect(second).toBe(place.role.program[1]);
    // 400 ns are 200 rounds: 201 values, a mean of 100 with a standard error of 1.3.
    expect(Math.min(...waiter.delays)).toBeLessThan(5);
    expect(Math.max(...waiter.delays)).toBeGreaterThan(195);
    expect(Math.max(...waiter.delays)).toBeLessThanOrEqual(200);
    const mean = waiter.delays.reduce((sum, rounds) => sum + rounds, 0) / 2000;
    expect(Math.abs(mean - 100)).toBeLessThan(6);
  });

  it('draws from the seed, and leaves an actor without jitter as it is', () => {
    const [one, two] = [waiterOf(7), waiterOf(7)];
    for (const waiter of [one, two]) {
      const late = jittered(place, 1000, waiter);
      for (let trial = 0; trial < 20; trial++) late.role.program[0]?.run(context, 0);
    }
    expect(one.delays).toEqual(two.delays);
    expect(jittered(place, 0, one)).toBe(place);
  });
});

describe('stalled', () => {
  it('holds up the given share of the points, with all magnitudes alike', () => {
    const waiter = waiterOf(3);
    const Stalled = stalled(ExtentBufferModel, { jitterNs: 0, stall: 0.01, stallMaxNs: 1_000_000 }, waiter);
    class Open extends Stalled {
      pass(): void {
        this.reached('find:ref');
      }
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- passing a point looks at no part of the model
    const model = Object.create(Open.prototype) as Open;
    for (let point = 0; point < 200_000; point++) model.pass();

    // 2,000 expected, a standard deviation of 44; a third of them in each decade.
    expect(Math.abs(waiter.delays.length - 2000)).toBeLessThan(220);
    const below = (ns: number): number => waiter.delays.filter((rounds) => rounds * 2 < ns).length;
    expect(below(1000)).toBe(0);
    expect(Math.abs(below(10_000) / waiter.delays.length - 1 / 3)).toBeLessThan(0.06);
    expect(Math.abs(below(100_000) / waiter.delays.length - 2 / 3)).toBeLessThan(0.06);
    expect(below(1_000_001)).toBe(waiter.delays.length);
  });

  it('leaves the model as it is without stalls', () => {
    expect(stalled(ExtentBufferModel, { jitterNs: 5, stall: 0, stallMaxNs: 2000 }, waiterOf(1))).toBe(
      ExtentBufferModel,
    );
    expect(stallNs(2_000_000, 0)).toBe(1000);
    expect(stallNs(2_000_000, 1)).toBeCloseTo(2_000_000, 6);
  });
});

describe('checkWaits', () => {
  it('refuses strides that would look like hung actors', () => {
    const waits = { jitterNs: 1000, stall: 0.01, stallMaxNs: 10_000_000 };
    expect(() => checkWaits(waits, 64)).not.toThrow();
    expect(() => checkWaits(waits, 65_536)).toThrow(/a stride of 65536 trials would wait \d+ ms.*--stride/);
  });
});

describe('calibrateDelay', () => {
  /** A loop whose rounds take `nsOf(rounds)` on a clock of its own. */
  const loop = (nsOf: (rounds: number) => number): Parameters<typeof calibrateDelay> => {
    let now = 0n;
    const delay = (rounds: number): void => {
      now += BigInt(Math.round(nsOf(rounds)));
    };
    return [{ delay }, () => now];
  };

  it('measures a round of a live loop', () => {
    expect(calibrateDelay(...loop((rounds) => 1_000 + 1.5 * rounds))).toBeCloseTo(1.5, 6);
  });

  it('calls the host busy where twice the rounds always take longer than they should', () => {
    expect(() => calibrateDelay(...loop((rounds) => rounds ** 1.7))).toThrow(
      /^the host was busy: the loop behind delays/,
    );
  });

  it.each<[string, (rounds: number) => number]>([
    ['was removed by the compiler', () => 40],
    ['was shortened to almost nothing', (rounds) => 0.01 * rounds],
    ['takes microseconds for a load', (rounds) => 5_000 * rounds],
  ])('refuses a loop that %s', (_, nsOf) => {
    expect(() => calibrateDelay(...loop(nsOf))).toThrow(HarnessError);
    expect(() => calibrateDelay(...loop(nsOf))).toThrow(
      /cannot be trusted.*run without --delay, --jitter and --stall/,
    );
  });
});
