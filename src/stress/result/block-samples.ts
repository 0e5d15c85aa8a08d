import type { BlockSample } from '../../stats/block.ts';
import type { BlockResult } from '../plan/block-result.ts';

/** Of every interval and bound that a run reports. */
export const CONFIDENCE = 0.95;

/** Whether a block counts for rates. */
export function isUsed({ trials, rejected }: Pick<BlockResult, 'trials' | 'rejected'>): boolean {
  return trials > 0 && rejected === null;
}

/** The blocks that count for rates, as the statistics take them. */
export function samples(blocks: readonly BlockResult[]): BlockSample[] {
  return blocks.filter(isUsed).map(({ trials, violations, start }) => ({ trials, hits: violations, start }));
}
