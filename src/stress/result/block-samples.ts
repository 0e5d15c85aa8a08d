import type { BlockSample } from '../../stats/block.ts';
import type { BlockResult } from '../plan/block-result.ts';

/** Of every interval and bound that a run reports. */
export const CONFIDENCE = 0.95;

/** Whether a block counts for rates. */
export function isUsed({
  trials,
  rejected,
  alone,
}: Pick<BlockResult, 'trials' | 'rejected' | 'alone'>): boolean {
  return trials > 0 && rejected === null && alone === undefined;
}

/** The blocks that count for rates, as the statistics take them. */
export function samples(blocks: readonly BlockResult[]): BlockSample[] {
  return blocks.filter(isUsed).map((block) => {
    const { trials, violations } = raced(block);
    return { trials, hits: violations, start: block.start };
  });
}

/** The counts of a block without those of instances whose actors were apart. */
function raced(block: BlockResult): Pick<BlockResult, 'trials' | 'violations'> {
  const apart = (block.instances ?? []).filter((instance) => instance.apart === true);
  return apart.reduce(
    (rest, { trials, violations }) => ({
      trials: rest.trials - trials,
      violations: rest.violations - violations,
    }),
    { trials: block.trials, violations: block.violations },
  );
}
