import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Naturals } from '../../../src/explore/witness/naturals.ts';

const ROWS = 4;

describe('Naturals', () => {
  it('adds as integers of any size do', () => {
    const row = fc.nat({ max: ROWS - 1 });
    const addition = fc.tuple(row, fc.nat({ max: 62 }), fc.option(row));
    fc.assert(
      fc.property(fc.array(addition, { maxLength: 300 }), (additions) => {
        const naturals = new Naturals();
        const expected = Array.from({ length: ROWS }, () => 0n);
        for (const [to, factor, from] of additions) {
          if (from === to) continue;
          if (from === null) naturals.add(to, factor);
          else naturals.addTimes(to, factor, from);
          expected[to] =
            (expected[to] ?? 0n) + BigInt(factor) * (from === null ? 1n : (expected[from] ?? 0n));
        }
        expect(expected.map((_, index) => naturals.text(index))).toEqual(expected.map(String));
      }),
    );
  });

  it('carries into a new limb, and keeps numbers when it grows', () => {
    const naturals = new Naturals();
    naturals.add(0, 1);
    // Two numbers that multiply each other: 200 steps make some 800 bits.
    let [even, odd] = [1n, 0n];
    for (let step = 0; step < 100; step++) {
      naturals.addTimes(1, 15, 0);
      odd += 15n * even;
      naturals.addTimes(0, 15, 1);
      even += 15n * odd;
    }
    naturals.add(200_000, 3);

    expect(naturals.text(0)).toBe(String(even));
    expect(naturals.text(1)).toBe(String(odd));
    expect(naturals.text(200_000)).toBe('3');
    expect(naturals.text(199_999)).toBe('0');
  });

  it('refuses a factor that would not be exact', () => {
    expect(() => new Naturals().addTimes(0, 63, 1)).toThrow('factor: expected at most 62, got 63');
  });
});
