/**
 * The unit of measurement: one timed slice (150-250 ms) of one arm. Trials inside a block share the host's mood
 * and are not independent; blocks, or the starts of the threads that they belong to, are what intervals count. So do instances of the
 * scenario that play at the same time: a block is all of them together. How far they agree shows in how blocks and starts vary, so that
 * more of them make an interval narrower by what they are worth, and no pair of them has to be independent
 * (test/unit/stats/instances.test.ts).
 */

/** What one block measured. */
export interface BlockSample {
  /** Completed trials, a whole number of 0 or above. */
  readonly trials: number;
  /** Trials that violated (or hit whatever is counted), a whole number from 0 to `trials`. */
  readonly hits: number;
  /** Start of the threads that it belongs to; blocks without a number are taken as of one start. */
  readonly start?: number | undefined;
  /** Wall time of the block in seconds; carried along, not used by the inference. */
  readonly seconds?: number;
}

/** Sums over the blocks of one arm. */
export interface BlockTotals {
  readonly trials: number;
  readonly hits: number;
  /** Number of blocks with at least one trial. */
  readonly blocks: number;
  /** Number of blocks with at least one hit. */
  readonly blocksHit: number;
}

/**
 * Sums the blocks of one arm; blocks without trials count for nothing.
 *
 * @throws {RangeError} If a block's `trials` or `hits` is not a whole number in its range.
 */
export function blockTotals(blocks: readonly BlockSample[]): BlockTotals {
  let trials = 0;
  let hits = 0;
  let counted = 0;
  let blocksHit = 0;
  for (const [index, block] of blocks.entries()) {
    if (!Number.isInteger(block.trials) || block.trials < 0) {
      throw new RangeError(
        `block ${index}: expected trials to be a whole number of 0 or above, got ${block.trials}`,
      );
    }
    if (!Number.isInteger(block.hits) || block.hits < 0 || block.hits > block.trials) {
      throw new RangeError(
        `block ${index}: expected hits to be a whole number from 0 to ${block.trials}, got ${block.hits}`,
      );
    }
    trials += block.trials;
    hits += block.hits;
    if (block.trials > 0) counted += 1;
    if (block.hits > 0) blocksHit += 1;
  }
  return { trials, hits, blocks: counted, blocksHit };
}
