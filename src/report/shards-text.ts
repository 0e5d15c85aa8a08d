/** Which parts of a divided work a result rests on. */
import { areWhole, type MergedShards, type Shard } from '../stats/shard.ts';
import { listed } from './number.ts';

/** `all 4`, or `3 of 4: NOT COMPLETE, 2 is missing`. */
export function shardsText(shards: MergedShards): string {
  const { of, missing, cut } = shards;
  if (areWhole(shards)) return `all ${of}`;
  const what = [
    ...(missing.length === 0
      ? []
      : [`${listed(missing.map(String))} ${missing.length === 1 ? 'is' : 'are'} missing`]),
    ...(cut.length === 0
      ? []
      : [`${listed(cut.map(String))} ${cut.length === 1 ? 'was' : 'were'} cut before the end`]),
  ];
  return `${of - missing.length} of ${of}: NOT COMPLETE, ${what.join(', ')}`;
}

/** Of a result that is a part, or of one that parts were added up to; nothing of any other. */
export function shardLines({
  config: { shard },
  shards,
}: {
  readonly config: { readonly shard?: Shard };
  readonly shards?: MergedShards;
}): string[] {
  if (shards !== undefined) return [shardsText(shards)];
  return shard === undefined ? [] : [`${shard.index} of ${shard.of}: a part; ebtorture merge adds them up`];
}
