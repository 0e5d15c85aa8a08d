import { describe, expect, it } from 'vitest';
import { blockSeed } from '../../../src/stress/plan/plan.ts';
import { instanceSeed } from '../../../src/stress/session/instance-seed.ts';

describe('instanceSeed', () => {
  it("is the run's own for the first instance, and another one for each further", () => {
    const seeds = Array.from({ length: 256 }, (_, instance) => instanceSeed(7, instance));

    expect(seeds[0]).toBe(7);
    expect(new Set(seeds).size).toBe(256);
  });

  it('gives no instance the blocks of another', () => {
    const seeds = Array.from({ length: 32 }, (_, instance) => instanceSeed(7, instance));
    const blocks = seeds.flatMap((seed) =>
      Array.from({ length: 200 }, (_, block) => blockSeed({ seed }, block + 1)),
    );

    // Of 6,400 numbers of 32 bits two are the same by chance in one of 200 seeds.
    expect(new Set([...seeds, ...blocks]).size).toBe(seeds.length + blocks.length);
  });
});
