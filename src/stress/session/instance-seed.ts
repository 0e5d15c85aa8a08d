import { Prng } from '../../stats/prng.ts';

/** Set apart from the numbers of blocks, which fork the same seed: see `blockSeed`. */
const INSTANCES_BASE = 2 ** 31;

/** Seed of an instance, from that of the run: the first has the run's own, so that it plays what it would alone. */
export function instanceSeed(seed: number, instance: number): number {
  return instance === 0 ? seed : new Prng(seed).fork(INSTANCES_BASE + instance).nextUint32();
}
