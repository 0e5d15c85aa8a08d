import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenOffsets, refinedOffsets, type Sight } from '../../../src/stats/sweep.ts';

const coarse = evenOffsets({ low: -1000, high: 1000, count: 41 });

/** A first look that saw a triangle of 200 ns about `center`. */
function sightsOf(center: number): Sight[] {
  return coarse.map((offset) => ({ offset, interest: Math.max(0, 1 - Math.abs(offset - center) / 100) }));
}

describe('evenOffsets', () => {
  it('has both ends and whole offsets of equal distance', () => {
    expect(evenOffsets({ low: -100, high: 100, count: 5 })).toEqual([-100, -50, 0, 50, 100]);
  });
});

describe('refinedOffsets', () => {
  it('puts most offsets where the peak is, a few ns apart', () => {
    const offsets = refinedOffsets({ sights: sightsOf(300), count: 48 });

    const atPeak = offsets.filter((offset) => offset >= 200 && offset <= 400);
    expect(atPeak.length).toBeGreaterThan(24);
    const steps = atPeak.slice(1).map((offset, index) => offset - (atPeak[index] ?? offset));
    expect(Math.max(...steps)).toBeLessThan(25);
    expect(Math.min(...steps)).toBeLessThan(6);
  });

  it('follows two peaks', () => {
    const both = sightsOf(-600).map(({ offset, interest }, index) => ({
      offset,
      interest: Math.max(interest, sightsOf(500)[index]?.interest ?? 0),
    }));
    const offsets = refinedOffsets({ sights: both, count: 60 });

    expect(offsets.filter((offset) => Math.abs(offset + 600) <= 100).length).toBeGreaterThan(12);
    expect(offsets.filter((offset) => Math.abs(offset - 500) <= 100).length).toBeGreaterThan(12);
  });

  it('is even where the first look saw nothing', () => {
    const offsets = refinedOffsets({ sights: coarse.map((offset) => ({ offset, interest: 0 })), count: 41 });

    const steps = offsets.slice(1).map((offset, index) => offset - (offsets[index] ?? offset));
    expect(Math.max(...steps)).toBeLessThanOrEqual(54);
  });

  it('always has both ends and zero, ascending, whole, and no more than asked for', () => {
    const interests = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: coarse.length,
      maxLength: coarse.length,
    });
    fc.assert(
      fc.property(interests, fc.integer({ min: 8, max: 256 }), (found, count) => {
        const sights = coarse.map((offset, index) => ({ offset, interest: found[index] ?? 0 }));
        const offsets = refinedOffsets({ sights, count });

        expect(offsets.length).toBeLessThanOrEqual(count);
        expect(offsets[0]).toBe(-1000);
        expect(offsets.at(-1)).toBe(1000);
        expect(offsets).toContain(0);
        expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
        expect(offsets.every((offset) => Number.isInteger(offset) && !Object.is(offset, -0))).toBe(true);
      }),
    );
  });
});
