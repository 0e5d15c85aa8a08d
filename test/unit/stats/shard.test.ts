import { describe, expect, it } from 'vitest';
import { isOfShard, seedOfShard, type Shard, shardSeed, shardText } from '../../../src/stats/shard.ts';
import { blockSeed } from '../../../src/stress/plan/plan.ts';

const shardsOf = (of: number): Shard[] => Array.from({ length: of }, (_, at) => ({ index: at + 1, of }));
const SEEDS = [0, 1, 7, 123_456_789, 2 ** 32 - 1];

describe('shardSeed', () => {
  it('is another one in each shard, a valid one, and not that of the whole', () => {
    for (const seed of SEEDS) {
      const seeds = shardsOf(1000).map((shard) => shardSeed(seed, shard));

      expect(new Set(seeds).size).toBe(1000);
      expect(seeds.every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 32)).toBe(true);
      expect(seeds).not.toContain(seed);
    }
  });

  it('is the seed itself where there is no shard', () => {
    expect(shardSeed(7, undefined)).toBe(7);
    expect(seedOfShard(2 ** 32 - 1, undefined)).toBe(2 ** 32 - 1);
  });

  it('keeps its remainder at the end of the range', () => {
    for (const shard of shardsOf(7)) {
      for (let seed = 2 ** 32 - 20; seed < 2 ** 32; seed++) {
        const found = seedOfShard(seed, shard);
        expect(found % 7).toBe(shard.index - 1);
        expect(found).toBeLessThan(2 ** 32);
      }
    }
  });
});

describe('blockSeed', () => {
  it('gives no two shards a block seed in common, however many there are', () => {
    // Of 80,000 numbers of 32 bits some may be equal by chance: here only within a shard.
    const seeds = shardsOf(4).map((shard) => {
      const seed = shardSeed(7, shard);
      return new Set(Array.from({ length: 20_000 }, (_, block) => blockSeed({ seed, shard }, block)));
    });

    const all = new Set(seeds.flatMap((own) => [...own]));
    expect(all.size).toBe(seeds.reduce((sum, { size }) => sum + size, 0));
    expect(all.size).toBeGreaterThan(79_950);
  });

  it('would have them in common without a shard', () => {
    // The same block of two runs with one seed: what shards are there for.
    expect(blockSeed({ seed: 7 }, 3)).toBe(blockSeed({ seed: 7 }, 3));
    expect(blockSeed({ seed: 7, shard: { index: 1, of: 2 } }, 3)).not.toBe(
      blockSeed({ seed: 7, shard: { index: 2, of: 2 } }, 3),
    );
  });
});

describe('isOfShard', () => {
  it('deals every piece to one shard', () => {
    for (const of of [1, 2, 3, 7]) {
      for (let piece = 0; piece < 50; piece++) {
        expect(shardsOf(of).filter((shard) => isOfShard(piece, shard))).toHaveLength(1);
      }
    }
    expect(isOfShard(3, undefined)).toBe(true);
  });

  it('has the text that --shard takes', () => {
    expect(shardText({ index: 2, of: 4 })).toBe('2/4');
  });
});
