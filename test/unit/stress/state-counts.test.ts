import { describe, expect, it } from 'vitest';
import { countedStates, stateCounts } from '../../../src/stress/actor/state-counts.ts';
import { stateTable } from '../../../src/stress/plan/counters.ts';

const litmus = {
  observedAt: [1, 3],
  stateText: (values: readonly number[]) => `:>${values.join(' ')}`,
};
const BASE = 16;

/** Counts worlds that hold these values, in a table of their own. */
function counted(values: readonly (readonly [number, number])[]): ReadonlyMap<string, number> {
  const words = new Int32Array(BASE + stateTable(litmus).words);
  const count = stateCounts(words, BASE, litmus);
  for (const [one, other] of values) {
    words[1] = one;
    words[3] = other;
    count(0);
  }
  return countedStates(words, BASE, litmus);
}

describe('the final states of a litmus test', () => {
  it('are counted by all of their values', () => {
    expect(
      counted([
        [0, 1],
        [1, 0],
        [0, 1],
        [0, 0],
        [-1, 2 ** 31 - 1],
      ]),
    ).toEqual(
      new Map([
        [':>0 1', 2],
        [':>1 0', 1],
        [':>0 0', 1],
        [':>-1 2147483647', 1],
      ]),
    );
  });

  it('are all kept where there are as many as there is room for, and one more is said', () => {
    const { rows } = stateTable(litmus);
    const all = Array.from({ length: rows }, (_, index) => [index, -index] as const);

    expect(counted([...all, ...all]).size).toBe(rows);
    expect(() => counted([...all, [rows, 0]])).toThrow(`more than ${rows} different final states`);
  });
});
