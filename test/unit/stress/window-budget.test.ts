import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STARTS, WindowBudget } from '../../../src/stress/window/window-budget.ts';

describe('WindowBudget', () => {
  it('divides trials per point into visits that add up exactly, over at most so many starts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), (count) => {
        const budget = new WindowBudget({ kind: 'trials', count });
        let trials = 0;
        let last = 0;
        for (let start = 0; budget.hasStart(start); start++) {
          let made = 0;
          for (; budget.hasSweep(start, made, { elapsedMs: 0, sweepMs: 0 }); made++) {
            const next = budget.trialsOf(start, made);
            expect(next).toBeGreaterThan(0);
            trials += next;
          }
          expect(made).toBeGreaterThan(0);
          last = budget.fraction({ start, made, elapsedMs: 0 });
        }

        expect(trials).toBe(count);
        expect(last).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  it('gives every start its share of the time, and one sweep at least', () => {
    const budget = new WindowBudget({ kind: 'duration', ms: 6_000 });

    expect(budget.hasSweep(0, 0, { elapsedMs: 99_000, sweepMs: 0 })).toBe(true);
    expect(budget.hasSweep(1, 3, { elapsedMs: 1_700, sweepMs: 300 })).toBe(true);
    expect(budget.hasSweep(1, 3, { elapsedMs: 1_900, sweepMs: 300 })).toBe(false);
    expect([budget.hasStart(STARTS - 1), budget.hasStart(STARTS)]).toEqual([true, false]);
  });
});
