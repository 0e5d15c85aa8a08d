/**
 * Several runs of one configuration on one machine as one run. What a run is made of are starts of its threads, and those are what rates
 * rest on: V8 compiles anew in each, so that starts of two processes differ from each other as those of one process do. So runs are
 * neither pooled trial by trial nor kept apart: the starts of all of them stand in one row, in the order in which they began, since a
 * host drifts slower than runs follow each other, and neighbors in that row are taken as correlated (see `StartsAre` in
 * design-effect.ts). Had runs been kept apart, each with few starts, no interval would be worth much; had their blocks been added up
 * without their starts, every interval would be too narrow.
 *
 * Runs that went on at the same time took processors from each other. Their blocks say so by themselves: other processes were busy
 * beside them, and they are left out of the rates as those of any busy host are.
 */
import type { StartRecord } from '../../stress/plan/run-record.ts';
import { RunLog, type RunRecord } from '../../stress/run/run-log.ts';
import type { RunHead } from '../../stress/run/run-head.ts';
import { isOfRun } from '../journal/run-keeper.ts';
import type { Part } from './part.ts';
import { MergeError } from './merge-error.ts';

/** What a start of the threads put down, with when it began: ms of the epoch, the pauses of a run that was cut left out. */
interface StartOf {
  readonly run: number;
  readonly atMs: number;
  readonly records: readonly RunRecord[];
}

/**
 * The records of runs, in their order, as a run that had the starts of all of them would have put them down. Numbers of starts, rounds and
 * blocks are given anew, and its time is that of all runs together.
 * @throws {MergeError} If a record is of another run than its header.
 */
export function stratumLog(head: RunHead, parts: readonly Part[]): RunLog {
  const log = new RunLog(head);
  const starts = parts.flatMap((part, run) => startsOf(part, run)).toSorted((a, b) => a.atMs - b.atMs);
  const numbers = new Renumbered();
  for (const { run, records } of starts) {
    for (const record of records) {
      try {
        log.add(numbers.of(record, run));
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        throw new MergeError(`${parts[run]?.named ?? ''}: ${cause.message}`, { cause });
      }
    }
  }
  // Each run counts its own time.
  log.elapsedMs = parts.reduce((sum, part) => sum + elapsedOf(part), 0);
  return log;
}

/** How long a run took, the pauses between its parts left out, in ms. */
export function elapsedOf({ records }: Pick<Part, 'records'>): number {
  return records.reduce(
    (longest, record) => (record.kind === 'block' ? Math.max(longest, record.elapsedMs) : longest),
    0,
  );
}

/** When the machine was described, in ms of the epoch; 0 where the journal does not say. */
export function beganAt({ header }: Pick<Part, 'header'>): number {
  const time = Date.parse(header.machine.startedAt ?? '');
  return Number.isNaN(time) ? 0 : time;
}

/** The records of each start; those before the first, such as a calibration, with it. */
function startsOf(part: Part, run: number): StartOf[] {
  const groups: RunRecord[][] = [[]];
  for (const record of part.records.filter(isOfRun)) {
    const last = groups.at(-1) ?? [];
    if (record.kind === 'start' && last.some(({ kind }) => kind === 'start')) groups.push([record]);
    else last.push(record);
  }
  const began = beganAt(part);
  let before = 0;
  return groups
    .filter((records) => records.length > 0)
    .map((records) => {
      const own = { run, atMs: began + before, records };
      before = Math.max(before, elapsedOf({ records }));
      return own;
    });
}

/** Numbers that the runs have given each for themselves, given anew. */
class Renumbered {
  readonly #starts = new Map<string, number>();
  readonly #rounds = new Map<string, number>();
  #blocks = 0;

  of(record: RunRecord, run: number): RunRecord {
    if (record.kind === 'start') return this.#start(record, run);
    if (record.kind !== 'block') return record;
    const { block } = record;
    return {
      ...record,
      block: {
        ...block,
        order: this.#blocks++,
        round: numberIn(this.#rounds, `${run} ${block.round}`),
        start: numberIn(this.#starts, `${run} ${block.start}`),
      },
    };
  }

  #start(record: StartRecord, run: number): StartRecord {
    const start = numberIn(this.#starts, `${run} ${record.start}`);
    return { ...record, start, planned: start };
  }
}

function numberIn(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const { size } = numbers;
  numbers.set(key, size);
  return size;
}
