import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { allowedProcessors } from '../src/stress/host/proc.ts';

/** Processors to keep threads on; with those of `taskset`, so none where it is missing. */
export function processorsToPin(): readonly number[] {
  const hasTaskset = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'taskset')));
  return hasTaskset ? [...(allowedProcessors() ?? [])] : [];
}

/**
 * Keeps each thread on a processor of its own, in their order: where the system puts two threads on one, they do not race, and
 * that is not what a comparison of two programs is about.
 *
 * @param threads - Their ids in the system.
 * @returns Whether they are kept there; false without `taskset`, or with fewer processors than threads.
 */
export function pinApart(threads: readonly number[]): boolean {
  const processors = processorsToPin();
  return (
    threads.length <= processors.length &&
    threads.every((thread, index) => isPinned(thread, processors[index]))
  );
}

/** Keeps all threads on one processor; returns whether they are. */
export function pinTogether(threads: readonly number[]): boolean {
  const processor = processorsToPin().at(-1);
  return threads.every((thread) => isPinned(thread, processor));
}

function isPinned(thread: number, processor: number | undefined): boolean {
  if (processor === undefined) return false;
  const command = ['--cpu-list', '--pid', String(processor), String(thread)];
  return spawnSync('taskset', command, { stdio: 'ignore' }).status === 0;
}

/** The threads that a process has started, in that order, without its first one. */
export function threadsOf(process: number): number[] {
  return readdirSync(`/proc/${process}/task`)
    .map(Number)
    .filter((thread) => thread !== process)
    .toSorted((a, b) => a - b);
}
