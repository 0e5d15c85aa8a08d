/**
 * A start of the engines of two builds: both run at once and take turns of a few ms, so that whatever the machine does hits both.
 * Each block is a pair with the one next to it, in an order that changes from pair to pair.
 *
 * A start has processes of its own. With new threads in the same two processes, where these have their code and their memory
 * stays in all starts: a copy of a build was 4 % slower than the build, with 99 % confidence, once in five times.
 */
import { BlockProcess, BlockProcessError } from '../block-process.ts';
import type { Build } from './build.ts';
import type { BlockPair, BlockSample, StartPair } from './judge.ts';

/** How long a block takes: the machine is the same in two of them, next to each other. */
const BLOCK_MS = 20;
const PAIRS = 14;
/** How long the code runs before anything counts: actors learn their programs, and V8 optimizes what it runs. */
const WARM_UP_MS = 400;

/** Two builds to start. */
export interface StartOptions {
  readonly a: Build;
  readonly b: Build;
  readonly strategy: string;
  /** Whether all actors are on the same processor, or each on its own. */
  readonly cores: 1 | 2;
  readonly signal: AbortSignal;
}

/**
 * Starts both and runs pairs of blocks.
 * @throws {BlockProcessError} If a build does not run.
 */
export async function runStart(options: StartOptions): Promise<StartPair> {
  const { a, b, strategy, cores, signal } = options;
  const start = ({ server }: Build): BlockProcess =>
    new BlockProcess([process.execPath, server, strategy, String(cores)], { signal });
  const sides = { a: start(a), b: start(b) };
  const block = async (name: 'a' | 'b', ms: number): Promise<BlockSample> => {
    const { seconds, trials, roundTripNs } = await sides[name].runBlock(ms).catch((error: unknown) => {
      if (!(error instanceof BlockProcessError)) throw error;
      throw new BlockProcessError(`${options[name].label}: '${strategy}' failed: ${error.message}`);
    });
    if (!(trials > 0)) {
      throw new BlockProcessError(`${options[name].label}: '${strategy}' ran no trials in ${ms} ms`);
    }
    // Actors on one core change places, and what that takes says nothing of cores.
    return { nsPerTrial: (1e9 * seconds) / trials, roundTripNs: cores === 1 ? null : roundTripNs };
  };
  try {
    // The first block of either is only there to wait until it has started.
    await Promise.all([block('a', BLOCK_MS), block('b', BLOCK_MS)]);
    await block('a', WARM_UP_MS);
    await block('b', WARM_UP_MS);
    const blocks: BlockPair[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const early = pair % 2 === 0 ? await block('a', BLOCK_MS) : undefined;
      const ofB = await block('b', BLOCK_MS);
      blocks.push({ a: early ?? (await block('a', BLOCK_MS)), b: ofB });
    }
    return { blocks };
  } finally {
    await Promise.all([sides.a.end(), sides.b.end()]);
  }
}
