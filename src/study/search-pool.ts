import { Piscina } from 'piscina';
import { endPool } from '../fix/plug-in/live-threads.ts';
import { MODULE_EXTENSION, THREAD_EXEC_ARGV } from '../fix/plug-in/threads.ts';
import { cpuCount } from '../stress/host/environment.ts';
import type { MutantTrial, TrialTask } from './mutate-worker.ts';

/** A search holds its states in typed arrays; what is in the heap is the automata. */
const HEAP_MB = 1_024;

/** Threads that search, one per processor. */
export class SearchPool {
  readonly threads: number = cpuCount();
  readonly #pool: Piscina;

  constructor() {
    this.#pool = new Piscina({
      filename: new URL(`./mutate-worker.${MODULE_EXTENSION}`, import.meta.url).href,
      minThreads: 1,
      maxThreads: this.threads,
      concurrentTasksPerWorker: 1,
      // A thread that has nothing to do for a moment is not started anew: that takes longer than most searches.
      idleTimeout: Infinity,
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      execArgv: [...THREAD_EXEC_ARGV],
      env: process.env,
    });
  }

  async trial(task: TrialTask, signal: AbortSignal): Promise<MutantTrial> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the worker returns
    return (await this.#pool.run(task, { signal })) as MutantTrial;
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    await endPool(this.#pool);
  }
}
