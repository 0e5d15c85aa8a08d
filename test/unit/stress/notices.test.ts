import { describe, expect, it } from 'vitest';
import { noticesOf } from '../../../src/stress/result/notices.ts';
import type { ArmResult } from '../../../src/stress/result/result.ts';
import { asDeclared } from '../report/sample-results.ts';

const run = {
  environment: asDeclared.environment,
  isBusyHost: false,
  actors: 2,
  budget: { kind: 'duration', ms: 10_000 },
  starts: 8,
} as const;

/** An arm that has so many blocks for its rates beside those that are left out. */
function armWith(blocks: number, left: Partial<ArmResult['rejected']['blocks']>): ArmResult {
  const [arm] = asDeclared.arms;
  if (arm === undefined) throw new Error('no sample arm');
  return {
    ...arm,
    rate: { ...arm.rate, blocks },
    rejected: { ...arm.rejected, blocks: { ...arm.rejected.blocks, ...left } },
  };
}

describe('noticesOf', () => {
  it('says nothing of blocks where all count but those to warm up', () => {
    expect(noticesOf({ ...run, arms: [armWith(10, {})] })).toEqual([]);
  });

  it('says why blocks are left out', () => {
    const [notice, ...more] = noticesOf({
      ...run,
      arms: [armWith(5, { apart: 2 }), armWith(4, { busy: 1 })],
    });
    expect(more).toEqual([]);
    expect(notice).toMatch(/^3 of 12 blocks are left out of the rates: 2 whose actors .*, 1 in which other/);
  });

  it('says of a busy machine both what counts all the same and what was no race', () => {
    const notices = noticesOf({ ...run, isBusyHost: true, arms: [armWith(5, { apart: 4 })] });
    expect(notices).toEqual([
      expect.stringMatching(/^In most blocks something else kept a processor busy/),
      expect.stringMatching(
        /^4 of 9 blocks are left out of the rates: 4 whose actors did not run side by side/,
      ),
    ]);
  });

  it('says that a run without a race says nothing', () => {
    const notices = noticesOf({ ...run, arms: [armWith(0, { apart: 5 }), armWith(0, { apart: 5 })] });
    expect(notices).toEqual([
      expect.stringMatching(/^In no block did the actors run side by side.*two idle processors/),
    ]);
  });
});
