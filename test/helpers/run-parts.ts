/** Journals of comparisons that nobody has run, with the counts that a test wants: parts to be added up. */
import type { BlockSample } from '../../src/stats/block.ts';
import type { Shard } from '../../src/stats/shard.ts';
import type { Machine } from '../../src/stress/host/machine-facts.ts';
import type { RunConfig } from '../../src/stress/result/result.ts';
import type { BodyRecord, CompareHeader } from '../../src/study/journal/records.ts';
import type { Part } from '../../src/study/merge/part.ts';
import { Check } from '../../src/subject/extent-buffer/v5.7/check.ts';
import { MACHINE, sampleRecords } from './sample-journal.ts';

const { header: HEADER } = await sampleRecords(10_000);
const OUTCOMES = HEADER.head.graded.outcomes.map(({ name }) => name);
const BLOCK_MS = 200;

/** What a part is to be. */
export interface RunPartOptions {
  readonly named?: string;
  readonly machine?: Partial<Machine>;
  readonly config?: Partial<RunConfig>;
  readonly seed?: number;
  readonly shard?: Shard;
  /** Of `none` and of `upstream`: blocks in time order; those of one round have the same place. */
  readonly arms: readonly [readonly BlockSample[], readonly BlockSample[]];
  /** @default true */
  readonly isWhole?: boolean;
}

/** A journal with those blocks. */
export function runPart({
  named = 'run.jsonl',
  machine = {},
  config = {},
  seed = 7,
  shard,
  arms,
  isWhole = true,
}: RunPartOptions): Part<CompareHeader> {
  const { head } = HEADER;
  return {
    named,
    header: {
      ...HEADER,
      seed,
      machine: { ...MACHINE, ...machine },
      head: { ...head, config: { ...head.config, ...config, seed, ...(shard !== undefined && { shard }) } },
    },
    records: recordsOf(arms),
    verdict: isWhole ? { kind: 'verdict', verdict: 'as-declared', isInterrupted: false } : undefined,
  };
}

/** Blocks with as many trials each; `hits` by start and block. */
export function blocksOf(trials: number, hits: readonly (readonly number[])[]): BlockSample[] {
  return hits.flatMap((own, start) => own.map((each) => ({ trials, hits: each, start })));
}

function recordsOf(arms: RunPartOptions['arms']): BodyRecord[] {
  const records: BodyRecord[] = [];
  const begun = new Set<number>();
  let order = 0;
  const rounds = Math.max(...arms.map(({ length }) => length));
  for (let round = 0; round < rounds; round++) {
    for (const [arm, blocks] of arms.entries()) {
      const sample = blocks[round];
      if (sample === undefined) continue;
      const { start = 0 } = sample;
      if (!begun.has(start)) {
        begun.add(start);
        records.push({ kind: 'start', start, planned: start, processors: [null], failed: null });
      }
      records.push(blockRecord(sample, { arm, round, order: order++ }));
    }
  }
  return records;
}

function blockRecord(
  { trials, hits, start = 0 }: BlockSample,
  { arm, round, order }: { readonly arm: number; readonly round: number; readonly order: number },
): BodyRecord {
  return {
    kind: 'block',
    arm,
    planned: order,
    elapsedMs: BLOCK_MS * (order + 1),
    block: {
      order,
      round,
      start,
      seed: order,
      seconds: BLOCK_MS / 1000,
      trials,
      violations: hits,
      roundTripNs: 110,
      host: null,
      rejected: null,
    },
    counts: {
      outcomes: OUTCOMES.map((name) => (name === 'bug' ? hits : name === 'read' ? trials - hits : 0)),
      notes: {},
      checks: hits === 0 ? {} : { [Check.B1]: hits },
    },
  };
}
