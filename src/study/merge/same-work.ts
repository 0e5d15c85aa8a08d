/** Whether journals are parts of one work, and no two of them the same part. */
import { type Shard, shardText } from '../../stats/shard.ts';
import type { RunHead } from '../../stress/run/run-head.ts';
import { differenceOf } from '../journal/journal.ts';
import type { HeaderRecord } from '../journal/records.ts';
import { groundKey } from './machine-key.ts';
import { MergeError } from './merge-error.ts';
import type { Part } from './part.ts';

/** Which part of its work a journal is; undefined where it is no part. */
export function shardOf(header: HeaderRecord): Shard | undefined {
  const head = runHeadOf(header);
  if (head !== undefined) return head.config.shard;
  if (header.command === 'hunt') return header.config.shard;
  return header.command === 'mutate' ? header.config.shard : undefined;
}

/**
 * Requires that the journals are of one work: the same command, the same program, the same configuration; and that none of it is there
 * twice. A seed that no shards share may be any: it is what makes two runs different ones.
 * @throws {MergeError} If they are not: names the first difference, with both values.
 */
export function requireSameWork([first, ...others]: readonly Part[]): void {
  if (first === undefined) throw new MergeError('there is nothing to merge');
  for (const other of others) {
    const difference = differenceOf(workOf(first.header), workOf(other.header));
    if (difference !== undefined)
      throw new MergeError(`${other.named} is of other work than ${first.named}: ${difference}`);
  }
  const seen = new Map<string, Part>();
  for (const part of [first, ...others]) {
    const { key, name } = nameOf(part.header);
    const before = seen.get(key);
    if (before !== undefined) throw new MergeError(`${before.named} and ${part.named} are the same: ${name}`);
    seen.set(key, part);
  }
}

/** Of a command that runs arms. */
function runHeadOf(header: HeaderRecord): RunHead | undefined {
  return 'head' in header && header.command !== 'window' ? header.head : undefined;
}

function configOf(header: HeaderRecord): object {
  return 'head' in header ? header.head.config : header.config;
}

/** What has to be equal: the machine and what follows from it may differ, the program may not. */
function workOf(header: HeaderRecord): object {
  const { command, machine } = header;
  const { version, commit } = machine;
  return { command, ...contentOf(header), program: { version, commit } };
}

function contentOf(header: HeaderRecord): object {
  const shard = shardOf(header);
  const head = runHeadOf(header);
  if (head === undefined) return { config: withShards({ ...configOf(header) }, shard) };
  const { config, graded, arms, actors, shares, weakControl } = head;
  // How much memory a run takes follows from the instances that its machine has room for.
  const { memoryBytes: _memoryBytes, ...asked } = config;
  const asks = 'asks' in header ? header.asks : undefined;
  return { config: withShards(asked, shard), asks, arms, actors, shares, weakControl, graded };
}

/** All shards of a work have its seed, and there are as many for each of them; what is no shard may have any seed. */
function withShards(config: Readonly<Record<string, unknown>>, shard: Shard | undefined): object {
  const { seed, shard: _shard, ...own } = config;
  return shard === undefined ? own : { shards: shard.of, seed, ...own };
}

/** What no two journals may have in common: by which that is told, and in words. */
function nameOf(header: HeaderRecord): { readonly key: string; readonly name: string } {
  const { machine, seed } = header;
  const shard = shardOf(header);
  const ofSeed = seed === null ? '' : ` of seed ${seed}`;
  if (shard !== undefined) {
    const name = `shard ${shardText(shard)}${ofSeed}`;
    return { key: name, name };
  }
  const placement = runHeadOf(header)?.placement;
  return {
    key: `${seed} ${groundKey({ machine, placement })}`,
    name: `a run${ofSeed} on ${machine.host ?? 'a machine without a name'}`,
  };
}
