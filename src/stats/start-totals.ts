/**
 * The upper level of inference. What V8's JIT compiler makes of the same code differs from one start of the threads to the
 * next, moves a rate up to twofold and stays until the threads end: blocks of one start agree better with each other than
 * with those of the next, and rates of single starts, not of blocks, are what varies independently.
 */

import type { BlockSample } from './block.ts';

/**
 * With fewer starts too little is known of how they vary, and no test of theirs reaches 5 %: inference then rests on blocks,
 * and holds for these starts only.
 */
export const STARTS_MIN = 5;

/** The blocks of each start added up, in the order in which starts first appear; blocks without a number are left out. */
export function startTotals(
  blocks: readonly BlockSample[],
): Required<Pick<BlockSample, 'trials' | 'hits' | 'start'>>[] {
  const totals = new Map<number, { trials: number; hits: number; start: number }>();
  for (const { start, trials, hits } of blocks) {
    if (start === undefined || trials === 0) continue;
    const total = totals.get(start);
    if (total === undefined) {
      totals.set(start, { trials, hits, start });
    } else {
      total.trials += trials;
      total.hits += hits;
    }
  }
  return [...totals.values()];
}

/** Starts that inference rests on; 0 where they are too few, so that it rests on blocks. */
export function startsCounted(blocks: readonly BlockSample[]): number {
  const { length } = startTotals(blocks);
  return length < STARTS_MIN ? 0 : length;
}
