import { Piscina } from 'piscina';
import { endPool } from '../../fix/plug-in/live-threads.ts';
import { MODULE_EXTENSION, THREAD_EXEC_ARGV } from '../../fix/plug-in/threads.ts';
import { cpuCount } from '../../stress/host/environment.ts';
import type { ProgramSearch } from './search-program.ts';
import type { FindingAnswer, FindingTask, SearchAnswer, SearchTask } from './hunt-task.ts';

/** Programs are small: a search of one has its states in typed arrays, and what is in the heap goes with it. */
const HEAP_MB = 1_024;

/** Of a program that no thread has room for. */
const CUT: ProgramSearch = { invariants: [], states: 0, isComplete: false, isVacuous: false };
/** Below it, it is not for its states that there is no room. */
const LEAST_STATES = 1_000;

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** What piscina's pools have of what is needed here. */
type Threads = Pick<Piscina, 'run' | 'threads' | 'destroy'>;

function threadsOf(count: number): Threads {
  return new Piscina({
    filename: new URL(`./hunt-worker.${MODULE_EXTENSION}`, import.meta.url).href,
    minThreads: 1,
    maxThreads: count,
    concurrentTasksPerWorker: 1,
    // A thread that has nothing to do for a moment is not started anew: that takes longer than most searches.
    idleTimeout: Infinity,
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    execArgv: [...THREAD_EXEC_ARGV],
    env: process.env,
  });
}

/** Threads that search programs, one per processor. */
export class HuntPool {
  readonly threads: number = cpuCount();
  readonly #pool: Threads;

  constructor(pool: Threads = threadsOf(cpuCount())) {
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
