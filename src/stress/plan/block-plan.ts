import type { Prng } from '../../stats/prng.ts';
import { type ArmShare, BLOCK_MS, roundLength } from './arm-share.ts';
import { LEARN_MS, RESTART_MS, WARM_UP_MS } from './starts.ts';

/** One block to run. */
export interface PlannedBlock {
  readonly arm: number;
  /** Counted over the whole run. */
  readonly round: number;
  /** Which start of the threads it belongs to. */
  readonly start: number;
  readonly ms: number;
  /** Whether V8 still compiles the arm's code in it, which moves the rate of a race several-fold. */
  readonly isWarmUp: boolean;
}

/** Blocks vary by this share of their length, so that they do not beat against anything periodic. */
const JITTER = 0.25;
/**
 * A run has no more rounds than this, divided among its starts: a longer one has longer blocks. Every block is kept and saved,
 * some 530 bytes of JSON; rates rest on starts, which no number of blocks in them makes up for. Reached by runs of four hours
 * (`stress`); a week has blocks of 8 s, and a document of 43 MB.
 */
const ROUNDS_MAX = 16_000;
/** A start with less time than this many rounds has no block to warm up, if it is the only one. */
const ROUNDS_FOR_WARM_UP = 4;

/**
 * The blocks of a run: starts of the threads, and in each a block per arm to warm up, then rounds in which every arm has its
 * share, in random order. A start has as many rounds as fit, up to a limit, their blocks shortened or stretched to fill it.
 *
 * @param startLengths - In ms, of each start; Infinity for one without end, which does not warm up.
 */
export function* planBlocks(
  shares: readonly ArmShare[],
  startLengths: readonly number[],
  prng: Prng,
): Generator<PlannedBlock, void> {
  const roundMs = roundLength(shares);
  const roundsMax = Math.max(1, Math.floor(ROUNDS_MAX / startLengths.length));
  let round = 0;
  for (const [start, lengthMs] of startLengths.entries()) {
    const isEndless = lengthMs === Infinity;
    const isWarmedUp = !isEndless && (startLengths.length > 1 || lengthMs >= ROUNDS_FOR_WARM_UP * roundMs);
    const warmUpMs = start === 0 ? LEARN_MS : WARM_UP_MS;
    if (isWarmedUp) {
      for (const arm of prng.shuffle([...shares.keys()])) {
        yield { arm, round, start, ms: warmUpMs, isWarmUp: true };
      }
      round++;
    }
    const restMs = lengthMs - (isWarmedUp ? shares.length * warmUpMs : 0) - (start === 0 ? 0 : RESTART_MS);
    const rounds = isEndless ? Infinity : Math.min(roundsMax, Math.max(1, Math.round(restMs / roundMs)));
    const scale = isEndless ? 1 : Math.max(0, restMs) / (rounds * roundMs);
    for (let index = 0; index < rounds; index++, round++) {
      const arms = shares.flatMap(({ blocks }, arm) => Array.from({ length: blocks }, () => arm));
      for (const arm of prng.shuffle(arms)) {
        const jitter = 1 - JITTER + 2 * JITTER * prng.nextFloat();
        yield {
          arm,
          round,
          start,
          ms: BLOCK_MS * (shares[arm]?.weight ?? 1) * scale * jitter,
          isWarmUp: false,
        };
      }
    }
  }
}
