import type { Prng } from '../../stats/prng.ts';
import { type ArmShare, BLOCK_MS, roundLength } from './arm-share.ts';
import { START_TIMES, type StartTimes } from './starts.ts';

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
  /** Whether one of the instances plays it alone, to show what they do to each other. */
  readonly isAlone: boolean;
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

/** What plays the blocks. */
export interface PlayedBy {
  readonly instances: number;
  readonly times: StartTimes;
}

const ONE_INSTANCE: PlayedBy = { instances: 1, times: START_TIMES };
/**
 * Of several instances, one plays alone in the first of every so many rounds of a start, in a block per arm of so large a share of their
 * length: in every start, as starts are what differs, and for a sixteenth of the time of long ones.
 */
const ROUNDS_PER_ALONE = 4;
const ALONE_SHARE = 0.25;

/**
 * The blocks of a run: starts of the threads, and in each a block per arm to warm up, then rounds in which every arm has its
 * share, in random order. A start has as many rounds as fit, up to a limit, their blocks shortened or stretched to fill it.
 *
 * @param startLengths - In ms, of each start; Infinity for one without end, which does not warm up.
 * @param played - By what: one instance, unless it says otherwise.
 */
export function* planBlocks(
  shares: readonly ArmShare[],
  startLengths: readonly number[],
  prng: Prng,
  { instances, times }: PlayedBy = ONE_INSTANCE,
): Generator<PlannedBlock, void> {
  const roundMs = roundLength(shares);
  const roundsMax = Math.max(1, Math.floor(ROUNDS_MAX / startLengths.length));
  let round = 0;
  for (const [start, lengthMs] of startLengths.entries()) {
    const isEndless = lengthMs === Infinity;
    const isWarmedUp = !isEndless && (startLengths.length > 1 || lengthMs >= ROUNDS_FOR_WARM_UP * roundMs);
    const warmUpMs = start === 0 ? times.learnMs : times.warmUpMs;
    if (isWarmedUp) {
      for (const arm of prng.shuffle([...shares.keys()])) {
        yield { arm, round, start, ms: warmUpMs, isWarmUp: true, isAlone: false };
      }
      round++;
    }
    const restMs =
      lengthMs - (isWarmedUp ? shares.length * warmUpMs : 0) - (start === 0 ? 0 : times.restartMs);
    const rounds = isEndless ? Infinity : Math.min(roundsMax, Math.max(1, Math.round(restMs / roundMs)));
    const roundsOfTime = rounds + (instances > 1 ? ALONE_SHARE * Math.ceil(rounds / ROUNDS_PER_ALONE) : 0);
    const scale = isEndless ? 1 : Math.max(0, restMs) / (roundsOfTime * roundMs);
    for (let index = 0; index < rounds; index++, round++) {
      const isAlone = instances > 1 && index % ROUNDS_PER_ALONE === 0;
      for (const block of prng.shuffle(roundOf(shares, isAlone))) {
        const jitter = 1 - JITTER + 2 * JITTER * prng.nextFloat();
        yield { ...block, round, start, ms: block.ms * scale * jitter, isWarmUp: false };
      }
    }
  }
}

/** The blocks of a round in the order of their arms, with one that an instance plays alone for each if it is to be. */
function roundOf(
  shares: readonly ArmShare[],
  hasAlone: boolean,
): Pick<PlannedBlock, 'arm' | 'ms' | 'isAlone'>[] {
  return shares.flatMap(({ blocks, weight }, arm) => {
    const ms = BLOCK_MS * weight;
    const together = Array.from({ length: blocks }, () => ({ arm, ms, isAlone: false }));
    return hasAlone ? [...together, { arm, ms: ms * ALONE_SHARE, isAlone: true }] : together;
  });
}
