import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gammaTails } from '../../../src/stats/gamma.ts';
import { Prng } from '../../../src/stats/prng.ts';

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

/** xoshiro128** in BigInt, straight from the authors' C code. */
function reference(state: readonly bigint[], count: number): number[] {
  const mask = 0xffff_ffffn;
  const rotate = (word: bigint, by: bigint): bigint => ((word << by) | (word >> (32n - by))) & mask;
  let [s0 = 0n, s1 = 0n, s2 = 0n, s3 = 0n] = state;
  return Array.from({ length: count }, () => {
    const result = (rotate((s1 * 5n) & mask, 7n) * 9n) & mask;
    const shifted = (s1 << 9n) & mask;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotate(s3, 11n);
    return Number(result);
  });
}

/** The four words that splitmix32 makes of a seed. */
function seededState(seed: number): bigint[] {
  const mask = 0xffff_ffffn;
  return [1n, 2n, 3n, 4n].map((step) => {
    let word = (BigInt(seed) + step * 0x9e37_79b9n) & mask;
    word = ((word ^ (word >> 16n)) * 0x21f0_aaadn) & mask;
    word = ((word ^ (word >> 15n)) * 0x735a_2d97n) & mask;
    return word ^ (word >> 15n);
  });
}

/** Upper tail of the chi-square statistic of `counts` against equal frequencies. */
function uniformPValue(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return gammaTails(statistic / 2, (counts.length - 1) / 2).upper;
}

describe('Prng', () => {
  it('gives the published sequence of xoshiro128** for its seed', () => {
    // First ten words from state 1, 2, 3, 4 (the vector that ports of the C code agree on).
    const published = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(reference([1n, 2n, 3n, 4n], 10)).toEqual(published);

    // Fails if any shift, rotation, multiplier or seeding constant is wrong.
    for (const seed of [0, 1, 42, 0xffff_ffff]) {
      const prng = new Prng(seed);
      expect(Array.from({ length: 1000 }, () => prng.nextUint32())).toEqual(
        reference(seededState(seed), 1000),
      );
    }
  });

  it('draws below n without bias, even where n does not divide 2^32', () => {
    // For n = 3 * 2^30 a plain remainder would give the lowest third twice the chance: p below 1e-300.
    const prng = new Prng(7);
    const thirds = [0, 0, 0];
    for (let draw = 0; draw < 30_000; draw += 1) {
      const third = Math.floor(prng.nextBelow(3 * 2 ** 30) / 2 ** 30);
      thirds[third] = (thirds[third] ?? 0) + 1;
    }
    expect(uniformPValue(thirds)).toBeGreaterThan(0.001);

    const faces = Array.from({ length: 7 }, () => 0);
    for (let draw = 0; draw < 70_000; draw += 1) {
      const face = prng.nextBelow(7);
      faces[face] = (faces[face] ?? 0) + 1;
    }
    expect(uniformPValue(faces)).toBeGreaterThan(0.001);
  });

  it('has a chi-square check that notices the bias of a plain remainder', () => {
    const prng = new Prng(7);
    const thirds = [0, 0, 0];
    for (let draw = 0; draw < 30_000; draw += 1) {
      const third = Math.floor((prng.nextUint32() % (3 * 2 ** 30)) / 2 ** 30);
      thirds[third] = (thirds[third] ?? 0) + 1;
    }
    expect(uniformPValue(thirds)).toBeLessThan(1e-100);
  });

  it('draws floats in [0, 1) that fill it evenly', () => {
    const prng = new Prng(11);
    const bins = Array.from({ length: 100 }, () => 0);
    for (let draw = 0; draw < 50_000; draw += 1) {
      const value = prng.nextFloat();
      expect(value >= 0 && value < 1).toBe(true);
      const bin = Math.floor(value * 100);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(uniformPValue(bins)).toBeGreaterThan(0.001);
  });

  it('shuffles into a permutation, in place', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.integer()), (seed, values) => {
        const array = [...values];
        const result = new Prng(seed).shuffle(array);
        expect(result).toBe(array);
        expect(array.toSorted((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b));
      }),
    );
  });

  it('gives each of the 24 orders of four elements equally often', () => {
    // The usual slip, drawing from all n places at each step, gives p below 1e-20 here.
    const prng = new Prng(13);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 24_000; draw += 1) {
      const order = prng.shuffle([0, 1, 2, 3]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(uniformPValue([...counts.values()])).toBeGreaterThan(0.001);
  });

  it('forks streams that repeat for the same number, differ for others and leave the parent alone', () => {
    const parent = new Prng(3);
    const twin = new Prng(3);
    const first = parent.fork(0);
    const again = parent.fork(0);
    const second = parent.fork(1);
    const sequence = Array.from({ length: 64 }, () => first.nextUint32());

    expect(Array.from({ length: 64 }, () => again.nextUint32())).toEqual(sequence);
    expect(Array.from({ length: 64 }, () => second.nextUint32())).not.toEqual(sequence);
    expect(parent.nextUint32()).toBe(twin.nextUint32());
    expect(parent.fork(0).nextUint32()).not.toBe(sequence[0]);
  });

  it('forks streams whose words are unrelated bit by bit', () => {
    // 100,000 words of 32 bits: the share of equal bits is 1/2 with deviation 0.00028; 6 deviations are
    // allowed.
    const parent = new Prng(5);
    const left = parent.fork(0);
    const right = parent.fork(1);
    let equalBits = 0;
    for (let draw = 0; draw < 100_000; draw += 1) {
      let difference = left.nextUint32() ^ right.nextUint32();
      for (let bit = 0; bit < 32; bit += 1) {
        equalBits += 1 - (difference & 1);
        difference >>>= 1;
      }
    }
    expect(Math.abs(equalBits / 3_200_000 - 0.5)).toBeLessThan(0.0017);
  });

  it('refuses seeds, limits and stream numbers outside their range', () => {
    const prng = new Prng(1);
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 32]) {
      expect(() => new Prng(bad)).toThrow(RangeError);
      expect(() => prng.fork(bad)).toThrow(RangeError);
    }
    for (const bad of [0, -1, 1.5, 2 ** 32 + 1]) expect(() => prng.nextBelow(bad)).toThrow(RangeError);
  });
});
