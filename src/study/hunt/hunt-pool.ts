import type { Piscina } from 'piscina';
import { endPool } from '../../fix/plug-in/live-threads.ts';
import { MODULE_EXTENSION } from '../../fix/plug-in/threads.ts';
import { cpuCount } from '../../stress/host/environment.ts';
import type { ProgramSearch } from './search-program.ts';
import { searchingThreads } from '../searching-threads.ts';
import type { FindingAnswer, FindingTask, SearchAnswer, SearchTask } from './hunt-task.ts';

/** Of a program that no thread has room for. */
const CUT: ProgramSearch = { invariants: [], states: 0, isComplete: false, isVacuous: false };
/** Below it, it is not for its states that there is no room. */
const LEAST_STATES = 1_000;

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** What piscina's pools have of what is needed here. */
type Threads = Pick<Piscina, 'run'> & Parameters<typeof endPool>[0];

/** Threads that search programs, one per processor. */
export class HuntPool {
  readonly threads: number = cpuCount();
  readonly #pool: Threads;

  constructor(
    pool: Threads = searchingThreads(new URL(`./hunt-worker.${MODULE_EXTENSION}`, import.meta.url)),
  ) {
    this.#pool = pool;
  }

  /** Searches them; one for which the memory of a thread does not suffice is not searched to its end. */
  async search(task: SearchTask, signal: AbortSignal): Promise<SearchAnswer> {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the worker returns
      return (await this.#pool.run(task, { signal })) as SearchAnswer;
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      if (task.programs.length === 1) return [CUT];
    }
    // Whichever of them it was: the others have their answers.
    const found: ProgramSearch[] = [];
    for (const program of task.programs)
      found.push(...(await this.search({ ...task, programs: [program] }, signal)));
    return found;
  }

  /** Looks at it, with smaller limits where the memory of a thread does not suffice. */
  async finding(task: FindingTask, signal: AbortSignal): Promise<FindingAnswer> {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the worker returns
      return (await this.#pool.run(task, { signal })) as FindingAnswer;
    } catch (error) {
      const { statesMax, localStatesMax } = task.limits;
      if (!isOutOfMemory(error) || statesMax < LEAST_STATES) throw error;
      const limits = { statesMax: statesMax >> 2, localStatesMax: localStatesMax >> 1 };
      return this.finding({ ...task, limits }, signal);
    }
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    await endPool(this.#pool);
  }
}
