/**
 * What do the counters and invariants cost? Pairs of adjacent blocks in random order: the engine as it is, and one that plays
 * and resets its trials without judging or counting them. `primed`, `none`, 4 pages.
 */
import { availableParallelism } from 'node:os';
import { pairedRatio } from '../src/stats/paired-ratio.ts';
import { Prng } from '../src/stats/prng.ts';
import { runEngineBlock, startEngine } from './engine-session.ts';

const BLOCK_MS = 150;
const WARM_UP_BLOCKS = 5;

/** Throughput with judging over throughput without: median and 95 % interval of the pairs. */
export async function judgingSuite(
  pairCount: number,
): Promise<{ readonly median: number; readonly low: number; readonly high: number; readonly pairs: number }> {
  const processors = availableParallelism();
  const judged = await startEngine({ strategy: 'none' }, processors);
  const bare = await startEngine({ strategy: 'none', isJudged: false }, processors);
  const prng = new Prng(1);
  try {
    for (let block = 0; block < WARM_UP_BLOCKS; block++) {
      await runEngineBlock(judged, BLOCK_MS);
      await runEngineBlock(bare, BLOCK_MS);
    }
    const pairs: { a: number; b: number }[] = [];
    for (let pair = 0; pair < pairCount; pair++) {
      const first = prng.nextBelow(2) === 0 ? await runEngineBlock(judged, BLOCK_MS) : undefined;
      const { trialsPerSecond: b } = await runEngineBlock(bare, BLOCK_MS);
      const { trialsPerSecond: a } = first ?? (await runEngineBlock(judged, BLOCK_MS));
      pairs.push({ a, b });
    }
    const { median, low, high } = pairedRatio({ pairs, confidence: 0.95 });
    await Promise.all([judged.end(), bare.end()]);
    return { median, low, high, pairs: pairCount };
  } finally {
    await Promise.all([judged.destroy(), bare.destroy()]);
  }
}
