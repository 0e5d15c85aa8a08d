import { describe, expect, it } from 'vitest';
import { readaheadVsReleasepage } from '../../../src/scenario/readahead-vs-releasepage.ts';
import { resolveSetting } from '../../../src/scenario/setting.ts';
import { Prng } from '../../../src/stats/prng.ts';
import type { Pace } from '../../../src/stress/protocol.ts';
import { firstSettings, variationsOf } from '../../../src/stress/tune-settings.ts';
import { perSecond, tune, type TuneCount } from '../../../src/stress/tuner.ts';

const setting = resolveSetting({ scenario: readaheadVsReleasepage });
const untuned: Pace = { stride: 64, worlds: 256 };
const first = firstSettings(setting, untuned);

/** Runs the tuner on a machine on which a setting violates so many times in a second, and is a little noisy. */
async function tuneOn(
  ratePerSecond: (pace: Pace) => number,
): Promise<{ result: Awaited<ReturnType<typeof tune>>; ms: number; blocks: number }> {
  const noise = new Prng(9);
  let ms = 0;
  let blocks = 0;
  const result = await tune({
    untuned,
    first,
    variationsOf,
    measure: (pace, length): Promise<TuneCount> => {
      ms += length;
      blocks++;
      const seconds = length / 1000;
      const violations = Math.round(ratePerSecond(pace) * seconds * (0.8 + 0.4 * noise.nextFloat()));
      return Promise.resolve({ trials: 1e6, violations, seconds });
    },
    prng: new Prng(1),
    isAborted: () => false,
  });
  return { result, ms, blocks };
}

/** A window of 120 ns at 140 for one last toucher. */
const peaked = ({ launch }: Pace): number =>
  launch === undefined || launch.lastToucher === 0
    ? 2_000
    : 500_000 * Math.max(0, 1 - Math.abs(launch.offsetNs - 140) / 60);

describe('tune', () => {
  it('finds the setting with most violations per second, between the offsets it first tried', async () => {
    const { result } = await tuneOn(peaked);
    const [, best] = result;

    expect(best?.pace.launch?.lastToucher).toBe(1);
    expect(Math.abs((best?.pace.launch?.offsetNs ?? 0) - 140)).toBeLessThanOrEqual(12);
  });

  it('takes a few seconds, and gives the untuned setting a part in every round', async () => {
    const { result, ms } = await tuneOn(peaked);
    const [base, best] = result;

    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThan(4_000);
    expect(base.pace).toEqual(untuned);
    expect(base.rounds).toBe(best?.rounds);
    expect(base.blocks.length).toBe(best?.blocks.length);
  });

  it('finds a stride where that is best', async () => {
    const { result } = await tuneOn(({ stride, launch }) =>
      launch === undefined && stride === 16 ? 9_000 : 100,
    );

    expect(result[1]?.pace).toMatchObject({ stride: 16 });
    expect(result[1]?.pace.launch).toBeUndefined();
  });

  it('leaves the untuned setting ahead where it is best', async () => {
    const { result } = await tuneOn((pace) => (pace === untuned ? 50_000 : 1_000));
    const [base, best] = result;

    expect(perSecond(base)).toBeGreaterThan(2 * perSecond(best ?? base));
  });

  it('ends early, with nothing found, where no setting violates', async () => {
    const { result, blocks } = await tuneOn(() => 0);

    expect(result.every(({ violations }) => violations === 0)).toBe(true);
    expect(result).toHaveLength(first.length + 1);
    expect(blocks).toBeLessThan(2 * first.length);
  });

  it('does not take a round for a result in which nothing violated any more', async () => {
    let blocks = 0;
    const { result } = await tuneOn((pace) => (blocks++ < first.length + 1 ? peaked(pace) : 0));

    expect(result[1]?.rounds).toBe(1);
    expect(result[0].rounds).toBe(1);
    expect(result[1]?.violations).toBeGreaterThan(0);
  });
});

describe('firstSettings', () => {
  it('has every stride once, both last touchers and offsets on both sides, and not the untuned setting', () => {
    expect(
      first.some(({ stride, worlds, launch }) => launch === undefined && stride === 64 && worlds === 256),
    ).toBe(false);
    const launches = first.flatMap(({ launch }) => launch ?? []);
    expect(new Set(launches.map(({ lastToucher }) => lastToucher))).toEqual(new Set([0, 1]));
    expect(Math.min(...launches.map(({ offsetNs }) => offsetNs))).toBeLessThan(-500);
    expect(Math.max(...launches.map(({ offsetNs }) => offsetNs))).toBeGreaterThan(500);
    expect(first.every(({ stride, worlds, launch }) => launch !== undefined || worlds >= 2 * stride)).toBe(
      true,
    );
  });
});
