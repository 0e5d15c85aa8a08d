import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { allowedProcessors } from './proc.ts';

/** A system that takes longer to move a thread has other troubles. */
const TIMEOUT_MS = 5_000;

/**
 * Keeps each thread on a processor of its own, where this process may use exactly as many as there are threads: left alone,
 * Linux wakes a thread next to the one that it waited for, and beside one more busy process the two stay on one processor
 * for seconds, taking turns. With processors to spare the system knows better than this does which of them are idle; `taskset`
 * in front of the command chooses which those are.
 *
 * Done by the `taskset` of util-linux, as Node has no call for it. Never fails: where it cannot be done, the threads run
 * where the system puts them.
 *
 * @param threads - Their numbers in the system, 0 for one that is not known.
 * @returns The processor of each, or null.
 */
export async function pinApart(
  threads: readonly number[],
  allowed: ReadonlySet<number> | undefined = allowedProcessors(),
): Promise<readonly number[] | null> {
  const processors = [...(allowed ?? [])];
  if (threads.length < 2 || threads.length !== processors.length || threads.includes(0)) return null;
  try {
    await Promise.all(processors.map((processor, index) => pin(threads[index] ?? 0, processor)));
    return processors;
  } catch {
    return null;
  }
}

async function pin(thread: number, processor: number): Promise<void> {
  await promisify(execFile)('taskset', ['-pc', String(processor), String(thread)], {
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
}
