import { describe, expect, it } from 'vitest';
import { clusters } from '../../../src/stats/cluster.ts';
import { Prng } from '../../../src/stats/prng.ts';

/** `count` values within 8 % of `center`. */
function around(center: number, count: number): number[] {
  const prng = new Prng(count);
  return Array.from({ length: count }, () => center * (0.92 + 0.16 * prng.nextFloat()));
}

describe('clusters', () => {
  it('tells three placements apart, in ascending order, and leaves strays out', () => {
    const found = clusters([...around(505, 30), 900, ...around(107, 60), 226, ...around(57, 20)], 0.05);

    expect(found.map(({ count }) => count)).toEqual([20, 60, 30]);
    const [near = 0, middle = 0, far = 0] = found.map(({ median }) => median);
    expect([near, middle, far].map((value) => Math.round(value / 10))).toEqual([6, 11, 51]);
  });

  it('makes one of values that lie close together', () => {
    expect(clusters(around(107, 50), 0.05)).toHaveLength(1);
  });

  it('does not count a placement that was met too rarely', () => {
    expect(clusters([...around(107, 97), ...around(420, 3)], 0.05)).toHaveLength(1);
  });

  it('finds none in nothing', () => {
    expect(clusters([], 0.05)).toEqual([]);
  });
});
