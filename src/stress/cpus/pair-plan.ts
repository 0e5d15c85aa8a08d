/** Which pairs of processors are measured. */
import type { Prng } from '../../stats/prng.ts';
import { type Distance, DISTANCES, distance } from '../topology/distance.ts';
import type { Processor } from '../topology/topology.ts';

/** Processors up to which all pairs are. */
export const ALL_PAIRS_MAX = 64;
/** Pairs of each distance otherwise. */
const SAMPLE = 64;

/** Two processors, the lower number first. */
export interface ProcessorPair {
  readonly a: number;
  readonly b: number;
  readonly distance: Distance;
}

/** All pairs, or of very many processors some of each distance, at random. By numbers. */
export function pairsToMeasure(processors: readonly Processor[], prng: Prng): readonly ProcessorPair[] {
  const pairs = processors.flatMap((one, index) =>
    processors
      .slice(index + 1)
      .map((other): ProcessorPair => ({ a: one.number, b: other.number, distance: distance(one, other) })),
  );
  if (processors.length <= ALL_PAIRS_MAX) return pairs;
  return DISTANCES.flatMap((name) => {
    const alike = pairs.filter((pair) => pair.distance === name);
    return prng
      .shuffle(alike)
      .slice(0, SAMPLE)
      .toSorted((one, other) => one.a - other.a || one.b - other.b);
  });
}

/** How often each pair is visited: often where there are few, since a host moves its guests' processors while it is measured. */
export function roundsOf(pairs: number): number {
  return Math.min(Math.max(Math.floor(600 / Math.max(pairs, 1)), 2), 40);
}
