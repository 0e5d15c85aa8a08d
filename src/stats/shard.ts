/**
 * Parts of one work that several processes do, on one machine or on many. Seeds and pieces of work are dealt by their remainder:
 * what shard i of n has leaves the remainder i - 1 when it is divided by n. So no two shards of the same n have a seed or a piece in
 * common, whatever the seed of the work is, and all of them together have every piece once. That is no matter of chance: 32 bits are
 * too few for the seeds of all blocks of a long run to be different by themselves.
 */
import { Prng } from './prng.ts';

/** Which part of a work: `--shard index/of`. */
export interface Shard {
  /** 1-based, up to `of`. */
  readonly index: number;
  /** How many there are, 1 or above. */
  readonly of: number;
}

/** Set apart from the numbers of blocks and of instances, which fork the seed of a run as well. */
const SHARDS_BASE = 2 ** 31 + 2 ** 30;
const SEEDS = 2 ** 32;

/** Whether piece number `piece`, 0-based, is one of the shard's; without a shard all are. */
export function isOfShard(piece: number, shard: Shard | undefined): boolean {
  return shard === undefined || piece % shard.of === shard.index - 1;
}

/** The seed nearest below (at the end of the range: above) that is one of the shard's; the seed itself without a shard. */
export function seedOfShard(seed: number, shard: Shard | undefined): number {
  if (shard === undefined) return seed;
  const { index, of } = shard;
  const found = seed - (seed % of) + index - 1;
  return found < SEEDS ? found : found - of;
}

/**
 * The seed that a shard has in the place of that of the whole work: a stream of the generator of its own, forked from the seed by the
 * number of the shard, so that shards do not play the same choices shifted.
 */
export function shardSeed(seed: number, shard: Shard | undefined): number {
  if (shard === undefined) return seed;
  return seedOfShard(new Prng(seed).fork(SHARDS_BASE + shard.index).nextUint32(), shard);
}

/** As `--shard` takes it. */
export function shardText({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Which shards of a divided work there are: plain data, part of a merged result. */
export interface MergedShards {
  /** How many it was divided into. */
  readonly of: number;
  /** Numbers of those that were not given. */
  readonly missing: readonly number[];
  /** Numbers of those whose journal is not whole: they were cut or interrupted. */
  readonly cut: readonly number[];
}

/** Whether all of the work is there, as far as that is known; null where it was not divided. */
export function areWhole(shards: MergedShards | null): boolean {
  return shards === null || (shards.missing.length === 0 && shards.cut.length === 0);
}
