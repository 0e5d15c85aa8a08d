/** Comparisons as runs on a machine of which all is known would give them. */
import type { BlockResult } from '../../src/stress/plan/block-result.ts';
import type { ArmResult, CompareResult } from '../../src/stress/result/result.ts';
import { Prng } from '../../src/stats/prng.ts';
import { asDeclared, none, upstream } from '../unit/report/sample-results.ts';
import { twoLevelBlocks } from '../unit/stats/synthetic-blocks.ts';

/** What such a machine does. */
export interface KnownMachine {
  /** Violations per trial of the control. */
  readonly rate: number;
  /** Trials per second. */
  readonly speed: number;
  readonly starts: number;
  /** Coefficient of variation between starts: of rates, and a tenth of it of speeds. */
  readonly between: number;
}

export const MACHINE: KnownMachine = { rate: 4e-3, speed: 5e6, starts: 10, between: 0.3 };

const BLOCKS = 4;
const SECONDS = 0.2;

/** A run of `none` and `upstream` there; every seed is another run. */
export function knownRun(seed: number, machine: Partial<KnownMachine> = {}): CompareResult {
  const known = { ...MACHINE, ...machine };
  const prng = new Prng(seed);
  return {
    ...asDeclared,
    config: { ...asDeclared.config, strategies: ['none', 'upstream'], seed },
    arms: [
      armOf({ arm: none, blocks: blocksOf(prng, known, known.rate) }),
      armOf({ arm: upstream, blocks: blocksOf(prng, known, 0) }),
    ],
    comparisons: [],
  };
}

function blocksOf(prng: Prng, { speed, starts, between }: KnownMachine, rate: number): BlockResult[] {
  const trials = speed * SECONDS;
  const process = { starts, blocks: BLOCKS, trials, variation: 0.2, correlation: 0 };
  const hits = twoLevelBlocks(prng, { ...process, rate: rate === 0 ? 1e-3 : rate, between });
  // What starts do to the speed, as a rate of which hits are a share that is known well.
  const speeds = twoLevelBlocks(prng, {
    ...process,
    trials: 1e9,
    rate: 0.1,
    between: between / 10,
    variation: 0.02,
  });
  return hits.map((block, order): BlockResult => ({
    order,
    round: order,
    start: block.start ?? 0,
    seed: order,
    seconds: (SECONDS * 1e8) / (speeds[order]?.hits ?? 1e8),
    trials: block.trials,
    violations: rate === 0 ? 0 : block.hits,
    roundTripNs: 110,
    host: null,
    rejected: null,
  }));
}

function armOf({
  arm,
  blocks,
}: {
  readonly arm: ArmResult;
  readonly blocks: readonly BlockResult[];
}): ArmResult {
  const trials = blocks.reduce((sum, block) => sum + block.trials, 0);
  const total = blocks.reduce((sum, block) => sum + block.violations, 0);
  return {
    ...arm,
    trials,
    violations: { total, byInvariant: total === 0 ? {} : { B1: total } },
    outcomes: {
      bug: { count: total, grade: 'FORBIDDEN' },
      read: { count: trials - total, grade: 'ACCEPTABLE' },
    },
    blockResults: blocks,
  };
}
