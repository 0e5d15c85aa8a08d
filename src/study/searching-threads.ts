import { Piscina } from 'piscina';
import { dropLateAnswers } from '../fix/plug-in/live-threads.ts';
import { THREAD_EXEC_ARGV } from '../fix/plug-in/threads.ts';
import { cpuCount } from '../stress/host/environment.ts';

/** A search holds its states in typed arrays; what is in the heap is the automata. */
const HEAP_MB = 1_024;

/** Threads that run tasks of a module, one per processor. Whoever makes them ends them. */
export function searchingThreads(module: URL): Piscina {
  const pool = new Piscina({
    filename: module.href,
    minThreads: 1,
    maxThreads: cpuCount(),
    concurrentTasksPerWorker: 1,
    // A thread that has nothing to do for a moment is not started anew: that takes longer than most searches.
    idleTimeout: Infinity,
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    execArgv: [...THREAD_EXEC_ARGV],
    env: process.env,
  });
  dropLateAnswers(pool);
  return pool;
}
