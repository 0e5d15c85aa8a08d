import { Piscina } from 'piscina';
import { cpuCount } from '../stress/environment.ts';
import type { MutantTrial, TrialTask } from './mutate-worker.ts';

const isSource = import.meta.url.endsWith('.ts');
const stripsTypes = 'typescript' in process.features && Boolean(process.features.typescript);
/** From sources, Node 20 needs a loader for TypeScript in each worker. */
const execArgv = isSource && !stripsTypes ? ['--import', import.meta.resolve('tsx')] : [];

/** A search holds its states in typed arrays; what is in the heap is the automata. */
const HEAP_MB = 1_024;

/** Threads that search, one per processor. */
export class SearchPool {
  readonly threads: number = cpuCount();
  readonly #pool: Piscina;

  constructor() {
    this.#pool = new Piscina({
      filename: new URL(`./mutate-worker.${isSource ? 'ts' : 'js'}`, import.meta.url).href,
      minThreads: 1,
      maxThreads: this.threads,
      concurrentTasksPerWorker: 1,
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      execArgv,
      env: process.env,
    });
  }

  async trial(task: TrialTask, signal: AbortSignal): Promise<MutantTrial> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the worker returns
    return (await this.#pool.run(task, { signal })) as MutantTrial;
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }
}
