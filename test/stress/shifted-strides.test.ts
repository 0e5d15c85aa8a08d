import { describe, expect, it } from 'vitest';
import type { Pace, Shift } from '../../src/stress/plan/protocol.ts';
import type { BlockResult } from '../../src/stress/plan/block-result.ts';
import type { ArmCount } from '../../src/stress/plan/arm-count.ts';
import { smallSession } from '../helpers/session.ts';

const STRATEGIES = [{ strategy: 'upstream' }, { strategy: 'none' }];
const natural: Pace = { stride: 16, worlds: 128 };
const shifted = (stride: number, worlds: number, shift: Partial<Shift> = {}): Pace => ({
  stride,
  worlds,
  shift: { offsetNs: -50, jitterNs: 0, lastToucher: 1, spacing: stride, ...shift },
});

/** Runs a block of each pace in each arm. A session itself refuses a block whose outcomes do not add up to its trials. */
async function blocksOf(
  paces: readonly Pace[],
  trialsMax: number,
): Promise<{ blocks: readonly BlockResult[]; arms: readonly ArmCount[] }> {
  const session = smallSession({
    worlds: 128,
    stride: 16,
    arms: STRATEGIES,
    isLaunched: true,
    spinsMax: 300,
  });
  try {
    await session.start();
    const blocks: BlockResult[] = [];
    for (const arm of STRATEGIES.keys()) {
      for (const pace of paces)
        blocks.push(await session.runBlock({ arm, round: 0, ms: 20_000, trialsMax, pace }));
    }
    await session.end();
    return { blocks, arms: session.arms };
  } finally {
    await session.destroy();
  }
}

describe('shifted strides on real threads', () => {
  it('run exactly the trials asked for, judge all of them, and leave every world in its start state', async () => {
    const strides = [1, 2, 4].flatMap((stride) =>
      [0, 1].flatMap((lastToucher) => [
        shifted(stride, 2 * stride, { lastToucher }),
        shifted(stride, 128, { lastToucher, spacing: 16, jitterNs: 40, offsetNs: 30 }),
      ]),
    );
    // 2,001 is no multiple of a stride. A natural block after each finds what the shifted one left behind.
    const { blocks, arms } = await blocksOf(
      strides.flatMap((pace) => [pace, natural]),
      2_001,
    );

    expect(blocks.map(({ trials }) => trials)).toEqual(blocks.map(() => 2_001));
    expect(arms[0]?.violations).toBe(0);
    expect(arms.map(({ outcomes }) => outcomes.reduce((sum, count) => sum + count, 0))).toEqual(
      arms.map(({ trials }) => trials),
    );
  });

  it('wait for an offset, of either actor, or a jitter in front of each stride', async () => {
    const shifts = [{ offsetNs: 50_000 }, { offsetNs: -50_000 }, { offsetNs: 0, jitterNs: 100_000 }];
    const { blocks } = await blocksOf(
      shifts.map((shift) => shifted(1, 2, shift)),
      500,
    );

    // 500 strides that wait for 50 us each, or for that on average, cannot take less than 20 ms.
    expect(blocks).toHaveLength(shifts.length * STRATEGIES.length);
    for (const { seconds } of blocks) expect(seconds).toBeGreaterThan(0.02);
  });
});
