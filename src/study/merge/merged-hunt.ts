/**
 * The shards of a hunt as one. The whole hunt is done once more with what they have put down, and no program is searched: those that the
 * shards have searched are settled in the order that they have in one hunt, by the code that settles them there. So nothing depends
 * on how the work was divided: what a smaller program of another shard violates, too, is repeated, as it would have been. What is new in
 * the whole was new in its shard, and was looked at there; only where a shard was cut before that, it is done here.
 */
import type { BodyRecord, HuntHeader } from '../journal/records.ts';
import { hunt } from '../hunt/hunt.ts';
import type { HuntResult } from '../hunt/hunt-result.ts';
import { MergeError } from './merge-error.ts';
import { isWhole, type Part } from './part.ts';
import { shardsGiven } from './shards-given.ts';

/**
 * Adds up shards that `requireSameWork` has let in.
 * @throws {MergeError} If there is a part that is none, or one that has left something out.
 */
export async function mergedHunt(
  parts: readonly [Part<HuntHeader>, ...Part<HuntHeader>[]],
): Promise<HuntResult> {
  for (const { named, header } of parts) {
    if (header.config.shard === undefined)
      throw new MergeError(`${named}: it is a whole hunt: only shards of one add up (hunt --shard 1/4)`);
    if (header.options['baseline'] !== undefined)
      throw new MergeError(
        `${named}: it has left out what a baseline has: hunt without, and give --baseline later`,
      );
  }
  const [{ header }] = parts;
  const { shard: _shard, ...config } = header.config;
  const result = await hunt({
    config,
    isOnlyKnown: true,
    journal: {
      requireSame: () => {},
      begin: () => Promise.resolve({ machine: header.machine, records: recordsOf(parts), isWhole: false }),
      add: () => {},
    },
  });
  const shards = shardsGiven(parts.map((part) => ({ part, shard: part.header.config.shard })));
  return {
    ...result,
    ...(shards !== null && { shards }),
    isInterrupted: !parts.every(isWhole),
    elapsedMs: parts.reduce((sum, part) => sum + elapsedOf(part), 0),
  };
}

async function* recordsOf(parts: readonly Part[]): AsyncGenerator<BodyRecord, void> {
  for (const { records } of parts) yield* records;
}

/** Time that a shard took, that of its last part where it went on. */
function elapsedOf({ records }: Part): number {
  return records.reduce((last, record) => (record.kind === 'hunted' ? record.elapsedMs : last), 0);
}
