/** How often and for how long an arm runs. */
export interface ArmShare {
  /** Blocks in each round. */
  readonly blocks: number;
  /** Length of its blocks, relative to the others'. */
  readonly weight: number;
}

/** Mean length of a block of weight 1: what statistics.md takes as the unit of measurement. */
export const BLOCK_MS = 200;
/** Mean length of a round in ms. */
export function roundLength(shares: readonly ArmShare[]): number {
  return shares.reduce((sum, { blocks, weight }) => sum + blocks * weight * BLOCK_MS, 0);
}
