import { describe, expect, it } from 'vitest';
import { formatGrowth, growthOf, type Sample } from '../../../bench/soak/growth.ts';
import { trend } from '../../../bench/soak/trend.ts';
import { Prng } from '../../../src/stats/prng.ts';

const KB_PER_MB = 1e6 / 1024;

/** A run whose resident memory is `mbAt` after so many seconds, give or take `noiseMb`. */
function run(mbAt: (seconds: number) => number, { minutes = 10, noiseMb = 0.1 } = {}): Sample[] {
  const prng = new Prng(1);
  return Array.from({ length: minutes * 30 }, (_, index) => ({
    seconds: 2 * (index + 1),
    kilobytes: KB_PER_MB * (mbAt(2 * (index + 1)) + noiseMb * (2 * prng.nextFloat() - 1)),
  }));
}

describe('trend', () => {
  it('is the slope of a line, which some points far off do not move', () => {
    const line = Array.from({ length: 20 }, (_, at) => ({ at, value: 3 * at + (at % 7 === 3 ? 100 : 0) }));

    const { slope, low, high } = trend(line);

    expect(slope).toBe(3);
    expect(low).toBeLessThanOrEqual(3);
    expect(high).toBeGreaterThanOrEqual(3);
  });

  it('has the interval of Kendall’s test', () => {
    // Of the 21 slopes as many are left out at each end as fit into (21 - 1.96 * 6.66) / 2 = 3.97, less one.
    const at = [1, 2, 3, 4, 10, 12, 18];
    const value = [9, 15, 19, 20, 45, 55, 78];

    expect(trend(at.map((time, index) => ({ at: time, value: value[index] ?? 0 })))).toEqual({
      slope: 4,
      low: 11 / 3,
      high: 5,
    });
  });

  it('covers the slope of noisy lines about as often as it says', () => {
    const prng = new Prng(5);
    let covered = 0;
    for (let line = 0; line < 1_000; line++) {
      const { low, high } = trend(
        Array.from({ length: 20 }, (_, at) => ({ at, value: at / 10 + prng.nextFloat() })),
      );
      if (low <= 0.1 && high >= 0.1) covered++;
    }
    // Four deviations of a binomial of 0.95 are 28.
    expect(covered).toBeGreaterThan(922);
    expect(covered).toBeLessThan(990);
  });
});

describe('growthOf', () => {
  it('finds the limit met by a run that stays where it is after the first minute', () => {
    const growth = growthOf(run((seconds) => 80 + Math.min(seconds, 60) / 10));

    expect(growth.isMet).toBe(true);
    expect(Math.abs(growth.seenMb)).toBeLessThan(1);
  });

  it('finds it not met by a run that grows by 20 MB an hour', () => {
    const growth = growthOf(run((seconds) => 80 + seconds / 180));

    expect(growth.isMet).toBe(false);
    expect(Math.abs(growth.all.slope - 20)).toBeLessThan(5);
    expect(growth.hourMb.slope).toBeGreaterThan(17);
  });

  it('does not decide where the noise is larger than the limit', () => {
    expect(growthOf(run(() => 80, { noiseMb: 5 })).isMet).toBeNull();
  });

  it('takes the rest of the hour from the later half: a curve may level off, or rise at the end', () => {
    const levelling = growthOf(run((seconds) => 84 - 6 * Math.exp(-seconds / 60)));
    const rising = growthOf(run((seconds) => 80 + Math.max(0, seconds - 450) / 60));

    expect(levelling.all.slope).toBeGreaterThan(levelling.later.slope);
    expect(levelling.isMet).toBe(true);
    expect(rising.hourMb.slope).toBeGreaterThan(3 * rising.all.slope);
    expect(rising.isMet).toBe(false);
  });

  it('is not misled by what memory does in every start of the threads', () => {
    // As measured: 4 MB more in the second quarter of each of the 32 starts.
    const startS = 600 / 32;
    const isUp = (seconds: number): boolean => seconds % startS > startS / 4 && seconds % startS < startS / 2;
    const growth = growthOf(run((seconds) => 80 + (isUp(seconds) ? 4 : 0), { noiseMb: 0.5 }));

    expect(growth.windows).toHaveLength(29);
    expect(growth.isMet).toBe(true);
  });

  it('takes a slope below zero for none', () => {
    const { hourMb, later } = growthOf(run((seconds) => 80 - seconds / 300));

    expect(later.high).toBeLessThan(0);
    expect(hourMb.low).toBe(hourMb.high);
  });

  it('takes a whole hour for what it was', () => {
    const growth = growthOf(run((seconds) => 80 + seconds / 900, { minutes: 60 }));

    expect(growth.hourMb).toEqual({ slope: growth.seenMb, low: growth.seenMb, high: growth.seenMb });
    expect(growth.isMet).toBe(true);
  });

  it('reads as lines for people', () => {
    expect(formatGrowth(growthOf(run(() => 80)))).toMatchInlineSnapshot(`
      "Resident memory of a run of 10 minutes after its first, medians of 29 starts of the threads
        from 80.1 to 80.0 MB: +0.0 MB (least 80.0, most 80.1)
        slope of all    +0.4 MB an hour [+0.1, +0.6]
        later half      +0.7 MB an hour [+0.2, +1.2]
        an hour         +0.6 MB [+0.1, +0.9]; less than 5 MB: met"
    `);
  });
});
