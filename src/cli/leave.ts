/** The ways out of the process, none of which waits for anything without a limit. */
import { readdirSync, readFileSync } from 'node:fs';
import { endAllThreads, liveThreads } from '../fix/plug-in/live-threads.ts';
import { removeAside } from './aside.ts';

/** How long threads may take to end when somebody has asked twice. */
const THREADS_MS = 300;
/** The same when all is done: a busy host ends threads late. First without, then with the children that they may wait for. */
const THREADS_DONE_MS = 3_000;
const THREADS_FIRST_MS = 100;
/** Whatever else keeps the process alive has so long. */
const REST_MS = 1_000;

/**
 * Ends the process now: with `status` if all of its threads end. A process that exits waits for its threads, and one that is in a call of the
 * system does not end; then it ends by `signal`, which a shell shows as 128 and the signal's number.
 */
export async function leave(status: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  removeAside();
  endChildren();
  if (liveThreads().size === 0 || (await endAllThreads(THREADS_MS))) process.exit(status);
  else die(status, signal);
}

/** All is written: makes sure that the process ends, and with the status that it has. */
export async function leaveSoon(status: number): Promise<void> {
  process.exitCode = status;
  setTimeout(() => void leave(status), REST_MS).unref();
  if (liveThreads().size === 0 || (await endAllThreads(THREADS_FIRST_MS))) return;
  endChildren();
  if (!(await endAllThreads(THREADS_DONE_MS))) die(status, 'SIGKILL');
}

/** Ends the processes that this one has started, and those that they have, where the system tells which. */
function endChildren(): void {
  for (const child of childrenOf(process.pid)) {
    try {
      process.kill(child, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** With their own children, all of them found before any is ended. */
function childrenOf(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap(
      (thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').match(/\d+/g) ?? [],
    );
    const own = children.map(Number);
    return own.concat(own.flatMap((child) => childrenOf(child)));
  } catch {
    // Such files are nowhere but on Linux.
    return [];
  }
}

function die(status: number, signal: NodeJS.Signals): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types are those of the oldest Node that is served
  const { execve } = process as { readonly execve?: Execve };
  try {
    // Another program in the place of this one: no thread is waited for. From Node 22.15 on.
    execve?.call(process, '/bin/sh', ['sh', '-c', `exit ${status}`], process.env);
  } catch {
    // By a signal, then.
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

type Execve = (
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
) => void;
