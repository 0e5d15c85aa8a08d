import type { Piscina } from 'piscina';
import { endPool } from '../fix/plug-in/live-threads.ts';
import { MODULE_EXTENSION } from '../fix/plug-in/threads.ts';
import { cpuCount } from '../stress/host/environment.ts';
import { searchingThreads } from './searching-threads.ts';
import type { MutantTrial, TrialTask } from './mutate-worker.ts';

/** Threads that search, one per processor. */
export class SearchPool {
  readonly threads: number = cpuCount();
  readonly #pool: Piscina;

  constructor() {
    this.#pool = searchingThreads(new URL(`./mutate-worker.${MODULE_EXTENSION}`, import.meta.url));
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
