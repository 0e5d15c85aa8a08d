/** Blocks of runs with several instances, made by hand. */
import type { BlockResult, InstanceBlock } from '../../src/stress/plan/block-result.ts';

/** What a block is, beside what all have in common. */
export interface BlockParts extends Pick<BlockResult, 'round' | 'start'> {
  readonly placement?: string;
  readonly alone?: true;
  readonly seconds?: number;
  readonly rejected?: BlockResult['rejected'];
  readonly instances: readonly (Pick<InstanceBlock, 'instance' | 'trials' | 'violations'> &
    Partial<InstanceBlock>)[];
}

/** A block whose counts are the sums of those of its instances; by default instance n runs on processors 2n and 2n + 1. */
export function instanceBlock(parts: BlockParts): BlockResult {
  const { instances, seconds = 0.2, rejected = null, ...others } = parts;
  const sum = (of: 'trials' | 'violations'): number => instances.reduce((total, own) => total + own[of], 0);
  return {
    order: 2 * parts.round + (parts.alone === true ? 1 : 0),
    seed: 1,
    seconds,
    trials: sum('trials'),
    violations: sum('violations'),
    roundTripNs: 100,
    host: null,
    rejected,
    ...others,
    instances: instances.map(placed),
  };
}

function placed(own: BlockParts['instances'][number]): InstanceBlock {
  return { roundTripNs: 100, processors: [2 * own.instance, 2 * own.instance + 1], ...own };
}
