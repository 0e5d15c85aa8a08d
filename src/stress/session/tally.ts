import { type ArmCount, armCount, type CountedShape } from '../plan/arm-count.ts';
import type { BlockResult } from '../plan/block-result.ts';
import type { BlockCounts, CountedBlock, StartRecord, Tallied } from '../plan/run-record.ts';
import { BlockLog } from './block-log.ts';

/** What is counted. */
export interface TallyShape extends CountedShape {
  /** By arm, names of strategies. */
  readonly strategies: readonly string[];
  readonly instances: number;
  /** Whether blocks tell of their instances. */
  readonly tellsInstances: boolean;
}

/** Where the threads of a start were. */
export type StartPlace = Omit<StartRecord, 'planned'>;

/** The counts of a run, as far as it has come: what its blocks add up to. */
export class Tally {
  readonly arms: readonly ArmCount[];
  readonly #logs: readonly BlockLog[];
  readonly #starts = new Map<number, StartPlace>();
  #blocks = 0;

  constructor({ strategies, instances, tellsInstances, ...shape }: TallyShape) {
    const actors = shape.actors.length;
    this.#logs = strategies.map(
      () =>
        new BlockLog({
          actors,
          instances: tellsInstances ? instances : 0,
          places: (start) => this.#starts.get(start),
        }),
    );
    this.arms = strategies.map((strategy, arm) =>
      armCount(strategy, shape, { instances, blocks: () => this.#logs[arm]?.results() ?? [] }),
    );
  }

  /** Blocks of all arms so far. */
  get blockCount(): number {
    return this.#blocks;
  }

  /** The starts of the threads so far, in their order. */
  get starts(): readonly StartPlace[] {
    return [...this.#starts.values()];
  }

  /** The threads have started. */
  start(record: StartPlace): void {
    this.#starts.set(record.start, record);
  }

  /**
   * A block of an arm has ended.
   * @throws {RangeError} If there is no such arm, outcome, check or instance.
   */
  add(index: number, block: CountedBlock, counts: BlockCounts): void {
    const arm = this.arms[index];
    const log = this.#logs[index];
    if (arm === undefined || log === undefined) throw new RangeError(`there is no arm ${index}`);
    const { instances, ...own } = block;
    const { instances: tallied = [] } = counts;
    addTallied(arm, counts);
    addSparse(arm.checks, counts.checks, 'check');
    for (const [state, count] of Object.entries(counts.states ?? {}))
      arm.states.set(state, (arm.states.get(state) ?? 0) + count);
    arm.trials += block.trials;
    arm.violations += block.violations;
    arm.changes += counts.changes ?? 0;
    if (counts.stages !== undefined) {
      for (const [actor, stages] of counts.stages.entries()) add(rowOf(arm.stages, actor), stages);
      arm.trialsStaged += block.trials;
    }
    for (const [at, { instance, trials, violations }] of (instances ?? []).entries()) {
      const count = arm.instances[instance];
      const of = tallied[at];
      if (arm.instances.length === 0) continue;
      if (count === undefined || of === undefined) throw new RangeError(`there is no instance ${instance}`);
      addTallied(count, of);
      count.trials += trials;
      count.violations += violations;
    }
    this.#blocks++;
    log.add({ ...own, ...(instances !== undefined && { instances }) });
  }

  /** That block as results have it: with what it has in common with others of its start. */
  placed({ instances, ...block }: CountedBlock): BlockResult {
    const places = this.#starts.get(block.start);
    return {
      ...block,
      ...(places?.placement !== undefined && { placement: places.placement }),
      ...(instances !== undefined && {
        instances: instances.map((own) => ({ ...own, processors: places?.processors[own.instance] ?? null })),
      }),
    };
  }
}

function addTallied(to: { readonly outcomes: number[]; readonly notes: number[] }, counts: Tallied): void {
  if (counts.outcomes.length !== to.outcomes.length) {
    throw new RangeError(`${counts.outcomes.length} outcomes of ${to.outcomes.length}`);
  }
  add(to.outcomes, counts.outcomes);
  addSparse(to.notes, counts.notes, 'note');
}

/** Adds counts to totals of the same length. */
function add(totals: number[], counts: readonly number[]): void {
  for (const [index, count] of counts.entries()) totals[index] = (totals[index] ?? 0) + count;
}

function addSparse(totals: number[], counts: Readonly<Record<string, number>>, what: string): void {
  for (const [key, count] of Object.entries(counts)) {
    const before = totals[Number(key)];
    if (before === undefined) throw new RangeError(`there is no ${what} ${key}`);
    totals[Number(key)] = before + count;
  }
}

function rowOf(rows: readonly number[][], index: number): number[] {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`there is no actor ${index}`);
  return row;
}

/** Counts by index, without those that are 0. */
export function sparse(counts: readonly number[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [index, count] of counts.entries()) if (count !== 0) found[index] = count;
  return found;
}
