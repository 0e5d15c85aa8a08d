import { describe, expect, it } from 'vitest';
import type { BlockResult, InstanceBlock } from '../../../src/stress/plan/block-result.ts';
import { isUsed, samples } from '../../../src/stress/result/block-samples.ts';

const block: BlockResult = {
  order: 0,
  round: 0,
  start: 3,
  seed: 1,
  seconds: 0.2,
  trials: 300,
  violations: 6,
  roundTripNs: 100,
  host: null,
  rejected: null,
};

const of = (instance: number, violations: number, more: Partial<InstanceBlock> = {}): InstanceBlock => ({
  instance,
  trials: 100,
  violations,
  roundTripNs: 100,
  processors: null,
  ...more,
});

describe('samples', () => {
  it('are the blocks that count for rates: not those that were left out, are empty, or were played alone', () => {
    const others = [
      { ...block, rejected: 'apart' as const },
      { ...block, trials: 0 },
      { ...block, alone: true as const },
    ];

    expect([block, ...others].map(isUsed)).toEqual([true, false, false, false]);
    expect(samples([block, ...others])).toMatchObject([{ trials: 300, hits: 6, start: 3 }]);
  });

  it('have no trial of an instance whose actors were apart: none of them was a race', () => {
    const together = { ...block, instances: [of(0, 1), of(1, 2), of(2, 3)] };
    const apart = { ...block, instances: [of(0, 1), of(1, 2, { apart: true, roundTripNs: null }), of(2, 3)] };
    // Where there are more actors than processors nobody expects an answer.
    const silent = { ...block, instances: [of(0, 1), of(1, 2, { roundTripNs: null }), of(2, 3)] };

    expect(samples([together, apart, silent])).toMatchObject([
      { trials: 300, hits: 6 },
      { trials: 200, hits: 4 },
      { trials: 300, hits: 6 },
    ]);
  });
});
