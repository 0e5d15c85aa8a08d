import { describe, expect, it } from 'vitest';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resolveSetting } from '../../../src/scenario/setting.ts';
import { Prng } from '../../../src/stats/prng.ts';
import type { Pace } from '../../../src/stress/plan/protocol.ts';
import { firstSettings, variationsOf } from '../../../src/stress/tune/tune-settings.ts';
import { hasHits, tune } from '../../../src/stress/tune/tuner.ts';
import type { TuneCount } from '../../../src/stress/tune/tune-count.ts';

const setting = resolveSetting({ scenario: readaheadVsReleasepage });
const untuned: Pace = { stride: 64, worlds: 256 };
const first = firstSettings(setting, untuned);

interface Machine {
  readonly ratePerSecond: (pace: Pace, block: number) => number;
  readonly roundTripNs?: (block: number) => number | null;
}

/** Runs the tuner on a machine on which a setting violates so many times in a second, and is a little noisy. */
async function tuneOn({ ratePerSecond, roundTripNs = () => 110 }: Machine): Promise<{
  result: Awaited<ReturnType<typeof tune>>;
  ms: number;
  blocks: number;
  starts: number;
}> {
  const noise = new Prng(9);
  let ms = 0;
  let blocks = 0;
  let starts = 0;
  const result = await tune({
    untuned,
    first,
    variationsOf,
    startAnew: () => Promise.resolve(void starts++),
    measure: (pace, length): Promise<TuneCount> => {
      const block = blocks++;
      ms += length;
      const seconds = length / 1000;
      const rate = ratePerSecond(pace, block);
      const violations = Math.round(rate * seconds * (0.8 + 0.4 * noise.nextFloat()));
      return Promise.resolve({ trials: 1e6, violations, seconds, roundTripNs: roundTripNs(block) });
    },
    prng: new Prng(1),
    isAborted: () => false,
  });
  return { result, ms, blocks, starts };
}

/** A window of 120 ns at 140 for one last toucher. */
const peaked = ({ launch }: Pace): number =>
  launch === undefined || launch.lastToucher === 0
    ? 2_000
    : 500_000 * Math.max(0, 1 - Math.abs(launch.offsetNs - 140) / 60);

describe('tune', () => {
  it('finds the setting with most violations per second, between the offsets it first tried', async () => {
    const { result } = await tuneOn({ ratePerSecond: peaked });
    const [, best] = result;

    expect(best?.pace.launch?.lastToucher).toBe(1);
    expect(Math.abs((best?.pace.launch?.offsetNs ?? 0) - 140)).toBeLessThanOrEqual(8);
  });

  it('takes a few seconds and starts, and gives the untuned setting a part in every round', async () => {
    const { result, ms, starts } = await tuneOn({ ratePerSecond: peaked });
    const [base, best] = result;

    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThan(4_000);
    expect(starts).toBeGreaterThanOrEqual(4);
    expect(base.pace).toEqual(untuned);
    expect(base.rounds).toBe(best?.rounds);
    expect(base.blocks.length).toBe(best?.blocks.length);
  });

  it('finds a stride where that is best', async () => {
    const { result } = await tuneOn({
      ratePerSecond: ({ stride, launch, shift }) =>
        launch === undefined && shift === undefined && stride === 16 ? 9_000 : 100,
    });

    expect(result[1]?.pace).toMatchObject({ stride: 16 });
    expect(result[1]?.pace.launch).toBeUndefined();
  });

  it.each<[string, (shift: NonNullable<Pace['shift']>, stride: number) => boolean]>([
    ['jitter', ({ jitterNs }) => jitterNs === 40],
    ['placement of the worlds', ({ spacing }, stride) => spacing > stride],
    ['stride between two rendezvous', (_, stride) => stride === 4],
    ['last toucher', ({ lastToucher }) => lastToucher === 1],
  ])('finds the better %s of shifted strides', async (_, isBetter) => {
    const { result } = await tuneOn({
      ratePerSecond: ({ shift, stride }) => {
        if (shift === undefined) return 1_000;
        const near = Math.max(0, 1 - Math.abs(shift.offsetNs + shift.jitterNs / 2 + 290) / 80);
        return (isBetter(shift, stride) ? 90_000 : 45_000) * near;
      },
    });

    const { shift, stride } = result[1]?.pace ?? { stride: 0 };
    expect(shift !== undefined && isBetter(shift, stride)).toBe(true);
  });

  it('compares settings within a placement of the cores, where the host moves these meanwhile', async () => {
    const isNear = (block: number): boolean => Math.floor(block / 40) % 3 === 0;
    const { result } = await tuneOn({
      roundTripNs: (block) => (isNear(block) ? 110 : 480) + (block % 7),
      // Whatever runs in the near placement has 12 times the violations of what runs in the far one.
      ratePerSecond: (pace, block) => (peaked(pace) + 1_000) * (isNear(block) ? 12 : 1),
    });

    expect(result[1]?.pace.launch?.lastToucher).toBe(1);
    expect(Math.abs((result[1]?.pace.launch?.offsetNs ?? 0) - 140)).toBeLessThanOrEqual(8);
  });

  it('leaves the untuned setting ahead where it is best', async () => {
    const { result } = await tuneOn({ ratePerSecond: (pace) => (pace === untuned ? 50_000 : 1_000) });
    const [base, best] = result;

    expect(base.score).toBeGreaterThan(2 * (best?.score ?? base.score));
  });

  it('ends early, with nothing found, where no setting violates', async () => {
    const { result, blocks } = await tuneOn({ ratePerSecond: () => 0 });

    expect(result.some((tried) => hasHits(tried.blocks))).toBe(false);
    expect(result).toHaveLength(first.length + 1);
    expect(blocks).toBeLessThan(2 * first.length);
  });

  it('does not take a round for a result in which nothing violated any more', async () => {
    const { result } = await tuneOn({
      ratePerSecond: (pace, block) => (block < first.length + 1 ? peaked(pace) : 0),
    });

    expect(result[1]?.rounds).toBe(1);
    expect(result[0].rounds).toBe(1);
    expect(hasHits(result[1]?.blocks ?? [])).toBe(true);
  });
});

describe('firstSettings', () => {
  it('has every stride once, both last touchers and offsets on both sides, and not the untuned setting', () => {
    const isUntuned = ({ stride, worlds, launch, shift }: Pace): boolean =>
      launch === undefined && shift === undefined && stride === 64 && worlds === 256;
    expect(first.some(isUntuned)).toBe(false);
    for (const starts of [
      first.flatMap(({ launch }) => launch ?? []),
      first.flatMap(({ shift }) => shift ?? []),
    ]) {
      expect(new Set(starts.map(({ lastToucher }) => lastToucher))).toEqual(new Set([0, 1]));
      expect(Math.min(...starts.map(({ offsetNs }) => offsetNs))).toBeLessThanOrEqual(-400);
      expect(Math.max(...starts.map(({ offsetNs }) => offsetNs))).toBeGreaterThanOrEqual(240);
    }
  });

  it('and its variations have worlds for two strides at least, which do not overlap', () => {
    const all = [first, ...[0, 1].map((level) => first.flatMap((pace) => variationsOf(pace, level)))].flat();

    for (const { stride, worlds, launch, shift } of all) {
      if (launch !== undefined) continue;
      const spacing = shift?.spacing ?? stride;
      expect(spacing).toBeGreaterThanOrEqual(stride);
      expect(worlds).toBeGreaterThanOrEqual(2 * spacing);
      expect(worlds).toBeLessThanOrEqual(4096);
    }
  });
});
