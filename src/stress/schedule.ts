import type { Prng } from '../stats/prng.ts';

/** How often and for how long an arm runs. */
export interface ArmShare {
  /** Blocks in each round. */
  readonly blocks: number;
  /** Length of its blocks, relative to the others'. */
  readonly weight: number;
}

/** One block to run. */
export interface PlannedBlock {
  readonly arm: number;
  readonly round: number;
  readonly ms: number;
  /** Whether V8 still compiles the arm's code in it, which moves the rate of a race several-fold. */
  readonly isWarmUp: boolean;
}

/** Mean length of a block of weight 1: what statistics.md takes as the unit of inference. */
const BLOCK_MS = 200;
/** Blocks vary by this share of their length, so that they do not beat against anything periodic. */
const JITTER = 0.25;
/** Runs of fewer rounds cannot spare one to warm up. */
const ROUNDS_FOR_WARM_UP = 4;

/**
 * The blocks of a run: rounds in which every arm has its share, in random order. With a duration there are as many
 * rounds as fit, their blocks shortened or stretched to fill it, and the first one warms up; without one there is no end.
 */
export function* planBlocks(
  shares: readonly ArmShare[],
  durationMs: number | null,
  prng: Prng,
): Generator<PlannedBlock, void> {
  const roundMs = shares.reduce((sum, { blocks, weight }) => sum + blocks * weight * BLOCK_MS, 0);
  const rounds = durationMs === null ? Infinity : Math.max(1, Math.round(durationMs / roundMs));
  const scale = durationMs === null ? 1 : durationMs / (rounds * roundMs);
  for (let round = 0; round < rounds; round++) {
    const arms = shares.flatMap(({ blocks }, arm) => Array.from({ length: blocks }, () => arm));
    for (const arm of prng.shuffle(arms)) {
      const jitter = 1 - JITTER + 2 * JITTER * prng.nextFloat();
      const ms = BLOCK_MS * (shares[arm]?.weight ?? 1) * scale * jitter;
      yield { arm, round, ms, isWarmUp: round === 0 && durationMs !== null && rounds >= ROUNDS_FOR_WARM_UP };
    }
  }
}
