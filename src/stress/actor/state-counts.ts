import type { ScenarioLitmus } from '../../scenario/scenario.ts';
import { stateTable } from '../plan/counters.ts';

/** FNV's prime. */
const PRIME = 0x0100_0193;

/** Counts the final state of the world at `fs`. */
export type CountState = (fs: number) => void;

/**
 * What counts final states in the table at `base`, whose rows are found by their values. A function and no class, as the trial runner.
 * @throws {RangeError} While counting, if there are more different ones than it has rows.
 */
export function stateCounts(
  words: Int32Array,
  base: number,
  litmus: Pick<ScenarioLitmus, 'observedAt'>,
): CountState {
  const { observedAt } = litmus;
  const { rows, rowWords } = stateTable(litmus);
  const observed = observedAt.length;

  /** Whether the row at this address is that of the state of `fs`; a free one becomes it. */
  const isRow = (row: number, fs: number): boolean => {
    const isFree = words[row] === 0;
    for (let index = 0; index < observed; index++) {
      const value = words[fs + (observedAt[index] ?? 0)] ?? 0;
      if (isFree) words[row + 1 + index] = value;
      else if (words[row + 1 + index] !== value) return false;
    }
    return true;
  };

  return (fs) => {
    let hash = 0;
    for (let index = 0; index < observed; index++)
      hash = Math.imul(hash ^ (words[fs + (observedAt[index] ?? 0)] ?? 0), PRIME);
    for (let probe = 0; probe < rows; probe++) {
      const row = base + (((hash >>> 0) + probe) % rows) * rowWords;
      if (!isRow(row, fs)) continue;
      words[row] = (words[row] ?? 0) + 1;
      return;
    }
    throw new RangeError(`more than ${rows} different final states: the test observes too much`);
  };
}

/** The states that a table holds, with how often they were counted. */
export function countedStates(
  words: Int32Array,
  base: number,
  litmus: Pick<ScenarioLitmus, 'observedAt' | 'stateText'>,
): ReadonlyMap<string, number> {
  const { rows, rowWords } = stateTable(litmus);
  const found = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const at = base + row * rowWords;
    const count = words[at] ?? 0;
    if (count === 0) continue;
    const text = litmus.stateText([...words.subarray(at + 1, at + rowWords)]);
    found.set(text, (found.get(text) ?? 0) + count);
  }
  return found;
}
