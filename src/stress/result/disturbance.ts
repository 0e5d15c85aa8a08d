/**
 * How much the instances of a run disturb each other: they share caches, memory and the power that lets cores run fast. In some rounds
 * of every start one of them plays a block per arm alone while the others are idle; its own part of the blocks beside it, which all
 * played, is what that is compared with, so that neither the place of an instance nor its code makes a difference.
 */
import { type RatePair, rateRatio } from '../../stats/rate-ratio.ts';
import { startRatio, type StartPair } from '../../stats/start-ratio.ts';
import type { BlockResult, InstanceBlock } from '../plan/block-result.ts';
import { CONFIDENCE, isUsed } from './block-samples.ts';

/** An instance beside all others, over the same one alone. */
export interface Disturbance {
  /** Blocks of one instance alone that have others of all beside them. */
  readonly pairs: number;
  /** Starts of the threads that the intervals rest on; 0 where they are too few, so that they hold for these starts only. */
  readonly starts: number;
  /** Trials per second of the instance: the median. */
  readonly throughput: { readonly median: number; readonly low: number; readonly high: number };
  /**
   * Violations per trial. A null is no bound: `ratio` and `high` where there was none alone. Null where nothing was violated at all.
   */
  readonly rate: { readonly ratio: number | null; readonly low: number; readonly high: number | null } | null;
}

/** Where starts are too few to rest on, no interval of a median has 95 % with fewer pairs: see `pairedRatio`. */
const PAIRS_MIN = 6;

/** What one instance did in some blocks. */
interface Part {
  readonly trials: number;
  readonly hits: number;
  readonly seconds: number;
}

/** What the instances of one arm do to each other; undefined where too few blocks tell. */
export function disturbanceOf(blocks: readonly BlockResult[]): Disturbance | undefined {
  const together = new Map<number, BlockResult[]>();
  for (const block of blocks.filter(isUsed)) {
    const others = together.get(block.round);
    if (others === undefined) together.set(block.round, [block]);
    else others.push(block);
  }
  const speeds: StartPair[] = [];
  const rates: RatePair[] = [];
  for (const block of blocks) {
    if (block.alone !== true || block.rejected !== null) continue;
    const [own] = block.instances ?? [];
    if (own === undefined) continue;
    const alone = partOf([block], own);
    const beside = partOf(together.get(block.round) ?? [], own);
    if (alone === undefined || beside === undefined) continue;
    const { start } = block;
    speeds.push({ a: beside.trials / beside.seconds, b: alone.trials / alone.seconds, start });
    rates.push({ a: beside, b: alone, start });
  }
  if (speeds.length === 0) return undefined;
  const { median, low, high, starts } = startRatio({ pairs: speeds, confidence: CONFIDENCE });
  if (starts === 0 && speeds.length < PAIRS_MIN) return undefined;
  const rate = rateRatio({ pairs: rates, confidence: CONFIDENCE });
  return {
    pairs: speeds.length,
    starts,
    throughput: { median, low, high },
    rate: rate === undefined ? null : { ratio: finite(rate.ratio), low: rate.low, high: finite(rate.high) },
  };
}

/** What an instance did in these blocks; undefined where it made no trial, or raced in none. */
function partOf(blocks: readonly BlockResult[], { instance }: InstanceBlock): Part | undefined {
  let [trials, hits, seconds] = [0, 0, 0];
  for (const block of blocks) {
    const own = block.instances?.find((each) => each.instance === instance);
    if (own === undefined || own.apart === true) continue;
    trials += own.trials;
    hits += own.violations;
    seconds += block.seconds;
  }
  return trials > 0 && seconds > 0 ? { trials, hits, seconds } : undefined;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
