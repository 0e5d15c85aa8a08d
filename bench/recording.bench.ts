/**
 * What do the logs of `explain` cost? Pairs of adjacent blocks in random order: the engine that logs what every step returned,
 * and the one of `stress`. `primed`, `upstream`, 4 pages: a strategy that violates would end the blocks that log.
 */
import { type PairedThroughput, pairEngines } from './engine-session.ts';

/** Throughput with logs over throughput without. */
export function recordingSuite(): Promise<PairedThroughput> {
  return pairEngines({ a: { strategy: 'upstream', isRecorded: true }, b: { strategy: 'upstream' } });
}
