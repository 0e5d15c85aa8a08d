/**
 * What do the counters and invariants cost? Pairs of adjacent blocks in random order: the engine as it is, and one that plays
 * and resets its trials without judging or counting them. `primed`, `none`, 4 pages.
 */
import { type PairedThroughput, pairEngines } from './engine-session.ts';

/** Throughput with judging over throughput without. */
export function judgingSuite(): Promise<PairedThroughput> {
  return pairEngines({ a: { strategy: 'none' }, b: { strategy: 'none', isJudged: false } });
}
