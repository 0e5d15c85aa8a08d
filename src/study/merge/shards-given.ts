import type { MergedShards, Shard } from '../../stats/shard.ts';
import { isWhole, type Part } from './part.ts';

/** Which shards parts are, which have all of them as many beside them; null where they are none. */
export function shardsGiven(
  parts: readonly { readonly part: Pick<Part, 'verdict'>; readonly shard: Shard | undefined }[],
): MergedShards | null {
  const of = parts[0]?.shard?.of;
  if (of === undefined) return null;
  const given = new Map(parts.map(({ part, shard }) => [shard?.index, part]));
  const all = Array.from({ length: of }, (_, at) => at + 1);
  return {
    of,
    missing: all.filter((index) => !given.has(index)),
    cut: all.filter((index) => {
      const part = given.get(index);
      return part !== undefined && !isWhole(part);
    }),
  };
}
