import { describe, expect, it } from 'vitest';
import { alphabetOf } from '../../../../src/catalog/alphabets.ts';
import { Programs } from '../../../../src/scenario/hunted/programs.ts';
import type { Shard } from '../../../../src/stats/shard.ts';
import { chunksOf, type PlannedChunk } from '../../../../src/study/hunt/hunt-order.ts';

const alphabet = alphabetOf('5.7');
if (alphabet === undefined) throw new Error('there is no such kernel');
const programs = new Programs({ alphabet, only: new Set(['alloc', 'reclaim', 'readahead', 'put']) });

interface Dealt {
  readonly chunks: readonly PlannedChunk[];
  readonly totals: readonly (number | undefined)[];
}

function dealt(seed: number | null, shard?: Shard): Dealt {
  const totals: (number | undefined)[] = [];
  const chunks = [
    ...chunksOf(programs, { size: 3, seed, ...(shard !== undefined && { shard }) }, (_, total) =>
      totals.push(total),
    ),
  ];
  return { chunks, totals };
}

describe.each([null, 7])('the shards of a hunt with seed %s', (seed) => {
  const whole = dealt(seed);
  const all = whole.chunks.flatMap(({ texts }) => texts);

  it.each([1, 2, 3, 7])('of %i have every program once, all of them together', (of) => {
    const shards = Array.from({ length: of }, (_, at) => dealt(seed, { index: at + 1, of }));
    const texts = shards.flatMap(({ chunks }) => chunks.flatMap((chunk) => chunk.texts));

    expect(texts).toHaveLength(all.length);
    expect(new Set(texts).size).toBe(all.length);
    expect(new Set(texts)).toEqual(new Set(all));
    // The same chunks, so that what one has searched is what one hunt would have searched.
    expect(new Set(shards.flatMap(({ chunks }) => chunks.map((chunk) => JSON.stringify(chunk))))).toEqual(
      new Set(whole.chunks.map((chunk) => JSON.stringify(chunk))),
    );
  });

  it('are told how many programs are their own', () => {
    const shards = [1, 2, 3].map((index) => dealt(seed, { index, of: 3 }));

    for (const { chunks, totals } of shards)
      expect(totals.reduce<number>((sum, total) => sum + (total ?? 0), 0)).toBe(
        chunks.reduce((sum, { texts }) => sum + texts.length, 0),
      );
    for (const [size, total] of whole.totals.entries())
      expect(shards.reduce((sum, { totals }) => sum + (totals[size] ?? 0), 0)).toBe(total);
  });

  it('have about as much to do', () => {
    const counts = [1, 2, 3].map((index) => dealt(seed, { index, of: 3 }).chunks.length);

    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(4);
  });
});
