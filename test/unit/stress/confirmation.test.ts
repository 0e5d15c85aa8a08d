import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/stats/prng.ts';
import { type Confirmation, confirm, isShown } from '../../../src/stress/tune/confirmation.ts';
import type { Pace } from '../../../src/stress/plan/protocol.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';

const untuned: Pace = { stride: 64, worlds: 256 };
const one: Pace = {
  stride: 1,
  worlds: 2,
  shift: { offsetNs: -300, lastToucher: 1, jitterNs: 0, spacing: 1 },
};
const two: Pace = { stride: 32, worlds: 32, launch: { offsetNs: 50, lastToucher: 0 } };

/** A machine whose rates are known. */
interface Machine {
  /** True gain of a setting in a placement, 0 the nearest. */
  readonly gain: (pace: Pace, placement: number) => number;
  /** Which placement the cores have in a block: the host moves them. @default always 0 */
  readonly placement?: (block: number, prng: Prng) => number;
  /** Standard deviation of the logarithm of a setting's rate between starts of the threads. */
  readonly startSpread: number;
  /** The same between blocks. */
  readonly blockSpread: number;
  /** Untuned violations per second in the near placement; the far one has a tenth. */
  readonly perSecond?: number;
  /** Round trip at which the search found the candidates, in ns. @default 110 */
  readonly searchedAtNs?: number;
}

const ROUND_TRIPS = [110, 480];
const START_MS = 330;

async function confirmOn(
  { gain, placement = () => 0, startSpread, blockSpread, perSecond = 60_000, searchedAtNs = 110 }: Machine,
  seed: number,
  candidates: readonly Pace[] = [one, two],
): Promise<Confirmation & { ms: number }> {
  const prng = new Prng(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - prng.nextFloat())) * Math.cos(2 * Math.PI * prng.nextFloat());
  let ofStart = new Map<Pace, number>();
  let ms = 0;
  let block = 0;
  const confirmation = await confirm({
    untuned,
    candidates,
    searched: [{ trials: 1, violations: 1, seconds: 1, roundTripNs: searchedAtNs }],
    startAnew: () => {
      ms += START_MS;
      ofStart = new Map([untuned, ...candidates].map((pace) => [pace, startSpread * normal()]));
      return Promise.resolve();
    },
    measure: (pace, length) => {
      ms += length;
      const at = placement(block++, prng);
      const seconds = length / 1000;
      const expected = perSecond * 0.1 ** at * (pace === untuned ? 1 : gain(pace, at)) * seconds;
      const rate = expected * Math.exp((ofStart.get(pace) ?? 0) + blockSpread * normal());
      const roundTripNs = (ROUND_TRIPS[at] ?? 0) * (1 + 0.02 * normal());
      return Promise.resolve({ trials: 20_000, violations: Math.round(rate), seconds, roundTripNs });
    },
    prng: new Prng(seed).fork(1),
    isOver: () => ms > 6_500,
  });
  return { ...confirmation, ms };
}

/** What a JIT start and the host do to rates, as measured: twofold between starts, more between blocks of 10 ms. */
const ROUGH = { startSpread: 0.4, blockSpread: 0.6 } as const;

describe('confirm', () => {
  it('uses a setting with 12 times the violations, long before its time is over', async () => {
    const { verdict, best, gains, ms } = await confirmed({
      ...ROUGH,
      gain: (pace) => (pace === one ? 12 : 2),
    });

    expect([verdict, best?.pace]).toEqual(['used', one]);
    expect(gains).toHaveLength(1);
    expect(gains[0]?.low).toBeLessThan(12);
    expect(gains[0]?.high).toBeGreaterThan(12);
    expect(ms).toBeLessThan(6_500);
  });

  it('takes the better one of two candidates, whichever the search took for the best', async () => {
    const { verdict, best } = await confirmed({ ...ROUGH, gain: (pace) => (pace === two ? 12 : 1.5) });

    expect([verdict, best?.pace]).toEqual(['used', two]);
  });

  it('finds the gain where the host moves the cores meanwhile, and gives it for each placement', async () => {
    const { verdict, gains } = await confirmed({
      ...ROUGH,
      gain: (pace, at) => (pace === one ? [3, 12] : [1, 1])[at] ?? 0,
      placement: (block) => Math.floor(block / 50) % 2,
    });

    expect(verdict).toBe('used');
    const far = gains.map(({ roundTripNs }) => (roundTripNs ?? 0) > 300);
    expect(new Set(far)).toEqual(new Set([false, true]));
    for (const { roundTripNs, ratio } of gains) {
      const truth = (roundTripNs ?? 0) < 300 ? 3 : 12;
      expect(ratio / truth).toBeGreaterThan(0.6);
      expect(ratio / truth).toBeLessThan(1.7);
    }
  });

  it('does not pair a block of one placement with one of another', async () => {
    // The host moves the cores after every block: no two that follow each other are in one placement.
    const { verdict, gains } = await confirmed({ ...ROUGH, gain: () => 1, placement: (block) => block % 2 }, [
      one,
    ]);

    expect(verdict).toBe('not-shown');
    expect(gains).toEqual([]);
  });

  it('says that the natural setting is best where the others are shown to be no better', async () => {
    const { verdict, gains, best } = await confirmed({ ...ROUGH, gain: () => 0.4 });

    expect([verdict, best === undefined]).toEqual(['natural-best', false]);
    expect(gains[0]?.high).toBeLessThan(2);
  });

  it('does not call the natural setting best where the search was made in another placement', async () => {
    const { verdict, gains } = await confirmed({ ...ROUGH, gain: () => 0.4, searchedAtNs: 480 });

    expect(verdict).toBe('not-shown');
    expect(gains[0]?.high).toBeLessThan(2);
  });

  it('says that the natural setting is best, and uses no other, where one is better by less than its label is worth', async () => {
    const { verdict, gains } = await confirmed({ startSpread: 0.1, blockSpread: 0.2, gain: () => 1.3 });

    expect(verdict).toBe('natural-best');
    expect(gains[0]?.low).toBeGreaterThan(1);
  });

  it('says that the natural setting is best where all are equal and steady', async () => {
    expect((await confirmed({ startSpread: 0.05, blockSpread: 0.1, gain: () => 1 })).verdict).toBe(
      'natural-best',
    );
  });

  it('shows nothing where the noise hides it, and stops when its time is over', async () => {
    const { verdict, ms } = await confirmed({ startSpread: 2, blockSpread: 2, gain: () => 1.5 });

    expect(verdict).toBe('not-shown');
    expect(ms).toBeGreaterThan(6_500);
    expect(ms).toBeLessThan(7_000);
  });

  it('uses a setting that is better in one placement and worse in another, where it is better', async () => {
    const { verdict, gains } = await confirmed({
      startSpread: 0.2,
      blockSpread: 0.3,
      gain: (_, at) => [0.2, 5][at] ?? 0,
      placement: (block) => Math.floor(block / 5) % 2,
    });

    expect(verdict).toBe('used');
    for (const gain of gains) expect(isShown(gain)).toBe((gain.roundTripNs ?? 0) > 300);
  });

  it('counts half a violation for a side without any, and has an interval then, too', async () => {
    const silent = await confirmed({ ...ROUGH, gain: () => 1, perSecond: 0 });
    const { verdict, gains } = await confirmed({ ...ROUGH, gain: () => 1e9, perSecond: 1e-4 });

    expect([silent.verdict, silent.gains]).toEqual(['not-shown', []]);
    expect([verdict, gains.length]).toEqual(['used', 1]);
  });

  it('has nothing to say without a candidate', async () => {
    expect(await confirmOn({ ...ROUGH, gain: () => 1 }, 1, [])).toMatchObject({ best: undefined, starts: 0 });
  });

  it.each<[string, Omit<Machine, 'gain'>]>([
    ['starts that differ twofold', ROUGH],
    ['starts that differ more than blocks', { startSpread: 0.8, blockSpread: 0.2 }],
    ['a host that moves the cores', { ...ROUGH, placement: (_, prng) => (prng.nextFloat() < 0.3 ? 1 : 0) }],
  ])('uses one of two equal settings in at most 5 %% of 2,000 tunings, with %s', async (_, how) => {
    let used = 0;
    const tunings = runsOf(2_000);
    for (let seed = 1; seed <= tunings; seed++) {
      if ((await confirmOn({ ...how, gain: () => 1 }, seed)).verdict === 'used') used++;
    }

    expect(used / tunings).toBeLessThanOrEqual(0.05 + leeway(0.05, 2_000));
  });

  it('uses a 12-fold setting in nearly all of 200 tunings, and its interval covers in 95 %', async () => {
    let used = 0;
    let covered = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { verdict, best } = await confirmOn({ ...ROUGH, gain: (pace) => (pace === one ? 12 : 1) }, seed);
      const gain = best?.gains[0];
      if (verdict === 'used') used++;
      if (gain !== undefined && gain.low <= 12 && (gain.high ?? Infinity) >= 12) covered++;
    }

    expect(used).toBeGreaterThanOrEqual(196);
    expect(covered).toBeGreaterThanOrEqual(186);
  });
});

async function confirmed(
  machine: Machine,
  candidates?: readonly Pace[],
): Promise<Awaited<ReturnType<typeof confirmOn>> & { gains: NonNullable<Confirmation['best']>['gains'] }> {
  const confirmation = await confirmOn(machine, 7, candidates);
  return { ...confirmation, gains: confirmation.best?.gains ?? [] };
}
