import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { allowedProcessors } from './proc.ts';

/** A system that takes longer to move a thread has other troubles; and what each one may take beyond that. */
const TIMEOUT_MS = 5_000;
const TIMEOUT_PER_THREAD_MS = 100;
/** One child for all threads: what this process does to start one is more than what they do. */
const SCRIPT = 'while [ $# -gt 1 ]; do taskset -pc "$1" "$2" >/dev/null || exit; shift 2; done';
/** What a shell ends with where there is no such command. */
const NOT_FOUND = 127;

/** Where threads were put. */
export interface Pinned {
  /** By thread, its processor; null where the system places them. */
  readonly processors: readonly number[] | null;
  /** Why they could not be kept there although that was wanted, in words for a sentence; null if they are, or nobody wanted it. */
  readonly failed: string | null;
}

/** The system places the threads, as it was asked to. */
export const NOT_PINNED: Pinned = { processors: null, failed: null };

/** Where the actors of the last of some starts were, and why any could not be kept; of a start, its processors by instance and actor. */
export function pinnedIn(
  starts: readonly {
    readonly processors: readonly (readonly number[] | null)[];
    readonly failed: string | null;
  }[],
): Pinned {
  const last = starts.at(-1);
  if (last === undefined) return NOT_PINNED;
  const isKept = last.processors.every((own) => own !== null);
  const processors = isKept ? last.processors.flatMap((own) => own ?? []) : null;
  return { processors, failed: starts.find(({ failed }) => failed !== null)?.failed ?? null };
}

/**
 * Keeps each thread on a processor of its own, where this process may use exactly as many as there are threads: left alone,
 * Linux wakes a thread next to the one that it waited for, and beside one more busy process the two stay on one processor
 * for seconds, taking turns.
 *
 * @param threads - Their numbers in the system, 0 for one that is not known.
 */
export async function pinApart(
  threads: readonly number[],
  allowed: ReadonlySet<number> | undefined = allowedProcessors(),
): Promise<Pinned> {
  const processors = [...(allowed ?? [])];
  if (threads.length < 2 || threads.length !== processors.length) return NOT_PINNED;
  return pinThreads(threads, processors);
}

/**
 * Keeps each thread on a processor: by the `taskset` of util-linux, as Node has no call for it. Never throws: where it cannot be done,
 * the threads run where the system puts them.
 *
 * @param threads - As above.
 */
export async function pinThreads(threads: readonly number[], processors: readonly number[]): Promise<Pinned> {
  if (threads.includes(0)) return { processors: null, failed: 'the system does not tell its threads' };
  const pairs = threads.flatMap((thread, index) => [String(processors[index]), String(thread)]);
  try {
    await promisify(execFile)('sh', ['-c', SCRIPT, 'sh', ...pairs], {
      timeout: TIMEOUT_MS + TIMEOUT_PER_THREAD_MS * threads.length,
      killSignal: 'SIGKILL',
    });
    return { processors, failed: null };
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    const isMissing = code === NOT_FOUND || code === 'ENOENT';
    return { processors: null, failed: isMissing ? 'there is no taskset of util-linux' : 'taskset failed' };
  }
}
