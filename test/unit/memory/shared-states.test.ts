import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedStates } from '../../../src/memory/shared-states.ts';

/** Tables of 64, 256 and 1024 slots. */
function smallTables(): SharedArrayBuffer[] {
  return [64, 256, 1024].map((slots) => new SharedArrayBuffer(slots * 8));
}

describe('SharedStates', () => {
  it('knows each hash once, zero and growth included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 12 }), fc.integer({ min: -3, max: 12 })), {
          maxLength: 600,
        }),
        (pairs) => {
          const set = new SharedStates(smallTables());
          const known = new Set<string>();
          for (const [low, high] of pairs) {
            // Zero is an empty word: it counts as 1.
            const key = `${low === 0 ? 1 : low} ${high === 0 ? 1 : high}`;
            expect(set.add(low, high)).toBe(!known.has(key));
            known.add(key);
            if (known.size >= set.limit && set.canGrow) set.moveUp(0, 1);
          }
        },
      ),
      { seed: 1 },
    );
  });

  it('moves in parts, each thread its own, to the same table', () => {
    const tables = smallTables();
    const threads = [0, 1, 2].map(() => new SharedStates(tables));
    for (let low = 1; low <= 40; low++) threads[low % 3]?.add(low, -low);

    for (const [thread, set] of threads.entries()) set.moveUp(thread, threads.length);

    for (let low = 1; low <= 40; low++) {
      for (const set of threads) expect(set.add(low, -low)).toBe(false);
    }
    expect(threads[0]?.add(41, 1)).toBe(true);
    expect(threads[1]?.add(41, 1)).toBe(false);
  });

  it('takes memory from the system without losing what is there', () => {
    const tables = [4096].map((slots) => new SharedArrayBuffer(slots * 8));
    const threads = [0, 1, 2].map(() => new SharedStates(tables));
    const [set] = threads;
    // One hash in the first slot of each page.
    const pages = Array.from({ length: 8 }, (_, page) => page << 29);
    for (const low of pages) set?.add(low, 1);

    for (const [thread, other] of threads.entries()) other.touch(thread, threads.length);

    for (const low of pages) expect(set?.add(low, 1)).toBe(false);
  });
});
