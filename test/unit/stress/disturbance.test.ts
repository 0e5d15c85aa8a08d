import { describe, expect, it } from 'vitest';
import type { BlockResult } from '../../../src/stress/plan/block-result.ts';
import { disturbanceOf } from '../../../src/stress/result/disturbance.ts';
import { samples } from '../../../src/stress/result/block-samples.ts';
import { instanceBlock } from '../../helpers/instance-blocks.ts';

/** Instance 1 is faster than 0 and violates more often; beside the other each makes four fifths of its trials and half of its violations each. */
function run(starts: number): BlockResult[] {
  return Array.from({ length: 2 * starts }, (_, round) => {
    const start = Math.floor(round / 2);
    const instance = round % 2;
    const speed = [1000, 3000][instance] ?? 0;
    // The host holds each start up or down; both kinds of blocks meet that alike.
    const mood = 1 + (start % 3);
    return [
      instanceBlock({
        round,
        start,
        instances: [
          { instance: 0, trials: 800 * mood, violations: 8 * mood },
          { instance: 1, trials: 2400 * mood, violations: 96 * mood },
        ],
      }),
      instanceBlock({
        round,
        start,
        alone: true,
        seconds: 0.1,
        instances: [{ instance, trials: (speed / 2) * mood, violations: ([10, 120][instance] ?? 0) * mood }],
      }),
    ];
  }).flat();
}

describe('what instances do to each other', () => {
  it('is what one makes beside the others over what the same one makes alone', () => {
    const found = disturbanceOf(run(6));
    expect(found?.throughput.median).toBeCloseTo(0.8, 10);
    expect(found).toMatchObject({ pairs: 12, starts: 6 });
    // 8 of 800 against 10 of 500, and 96 of 2,400 against 120 of 1,500.
    expect(found?.rate?.ratio).toBeCloseTo(0.5, 10);
    expect(found?.rate?.low).toBeGreaterThan(0.4);
    expect(found?.rate?.high).toBeLessThan(0.62);
  });

  it('is 1 where they do nothing to each other', () => {
    const blocks = run(6).filter(({ alone }) => alone === true);
    const twins = blocks.flatMap((block) => {
      const [own] = block.instances ?? [];
      if (own === undefined) return [];
      const { round, start, seconds } = block;
      return [
        instanceBlock({ round, start, seconds, instances: [own] }),
        instanceBlock({ round, start, seconds, alone: true, instances: [own] }),
      ];
    });
    const found = disturbanceOf(twins);
    expect(found?.throughput.median).toBeCloseTo(1, 10);
    expect(found?.rate?.ratio).toBeCloseTo(1, 10);
  });

  it('holds for these starts only where they are few', () => {
    expect(disturbanceOf(run(3))).toMatchObject({ pairs: 6, starts: 0 });
  });

  it('has no ratio but a bound where there is no violation alone, and none at all where nobody violates', () => {
    const without = run(6).map((block) => (block.alone === true ? silent(block) : block));
    const found = disturbanceOf(without);
    expect(found?.rate).toMatchObject({ ratio: null, high: null });
    expect(found?.rate?.low).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(disturbanceOf(without.map(silent))?.rate).toBeNull();
  });

  it('leaves out what was rejected, and instances whose actors were apart', () => {
    const blocks = run(6);
    const wild = { instance: 0, trials: 1, violations: 1 };
    const more = [
      instanceBlock({ round: 0, start: 0, rejected: 'warm-up', instances: [{ ...wild, instance: 1 }] }),
      instanceBlock({ round: 0, start: 0, rejected: 'busy', alone: true, instances: [wild] }),
      instanceBlock({ round: 0, start: 0, alone: true, instances: [{ ...wild, apart: true }] }),
      instanceBlock({ round: 0, start: 0, instances: [{ ...wild, apart: true }] }),
    ];
    expect(disturbanceOf([...blocks, ...more])).toEqual(disturbanceOf(blocks));
  });

  it('is not known of fewer blocks than an interval takes', () => {
    const until = (round: number): BlockResult[] =>
      run(6).filter((block) => block.alone !== true || block.round < round);
    expect(disturbanceOf(until(5))).toBeUndefined();
    expect(disturbanceOf(until(6))).toMatchObject({ pairs: 6, starts: 0 });
    // A pair in each of five starts.
    const starts = run(5).filter(({ alone, round }) => alone !== true || round % 2 === 0);
    expect(disturbanceOf(starts)).toMatchObject({ pairs: 5, starts: 5 });
  });

  it('is not known of a run with one instance', () => {
    expect(disturbanceOf(run(6).filter(({ alone }) => alone === undefined))).toBeUndefined();
  });

  it('is all that blocks of one alone are for: they count for no rate', () => {
    const blocks = run(2);
    expect(samples(blocks)).toEqual(samples(blocks.filter(({ alone }) => alone === undefined)));
  });
});

function silent(block: BlockResult): BlockResult {
  const instances = (block.instances ?? []).map((own) => Object.assign({}, own, { violations: 0 }));
  return { ...block, violations: 0, instances };
}
