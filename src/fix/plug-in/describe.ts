import type { Worker } from 'node:worker_threads';
import { endThread } from './live-threads.ts';
import { placeInThread } from './stack-of-thread.ts';
import { GivenTime } from './thread-time.ts';
import { startThread, YOUNG_HEAP_MB } from './threads.ts';

/** How long a module may take to load, of the time that its thread is given; and by the wall clock. */
const LOAD_MS = 5_000;
const LOAD_WALL_MS = 30_000;
const LOOK_MS = 100;
const HEAP_MB = 64;

/** What the thread answers. */
export type Answer<Description> =
  | { readonly kind: 'described'; readonly description: Description }
  | { readonly kind: 'refused'; readonly message: string };

/** What the thread is given. */
export interface DescribeData {
  readonly source: string;
  /** Name of the scenario that it is to run in. */
  readonly scenario: string;
  /** One word for the system's number of the thread, which it knows itself. */
  readonly thread: Int32Array;
}

/**
 * What a thread of `module`, a URL without its extension, says of a plug-in that it has loaded for a scenario. What is wrong goes to
 * `refused`, a sentence that begins with the source.
 */
export async function describedInThread<Description>(
  module: URL,
  { source, scenario }: Pick<DescribeData, 'source' | 'scenario'>,
  refused: (message: string) => never,
): Promise<Description> {
  const data: DescribeData = { source, scenario, thread: new Int32Array(new SharedArrayBuffer(4)) };
  const worker = startThread(module, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    // What a plug-in prints while it loads is printed when it runs.
    stdout: true,
    stderr: true,
  });
  const isOver = new AbortController();
  try {
    const answer = await new Promise<Answer<Description>>((resolve) => {
      const refuse = (message: string): void =>
        resolve({ kind: 'refused', message: `${source}: ${message}` });
      worker.once('message', resolve);
      worker.once('error', (error: NodeJS.ErrnoException) => {
        refuse(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `ran out of memory (${HEAP_MB} MB) while it was loaded`
            : `cannot be loaded: ${error.message}`,
        );
      });
      worker.once('exit', () => {
        refuse('its thread ended while it was loaded: a top-level await that never settles, or an exit');
      });
      void stuckLoading(worker, { plugIns: [source], thread: data.thread, signal: isOver.signal }).then(
        (message) => message !== undefined && refuse(message),
      );
    });
    if (answer.kind === 'described') return answer.description;
    return refused(answer.message);
  } finally {
    isOver.abort();
    await endThread(worker);
  }
}

/** A thread that loads a plug-in. */
export interface Loading {
  /** What it may stand in. */
  readonly plugIns: readonly string[];
  /** One word for the system's number of the thread; 0 until it has begun. */
  readonly thread: Int32Array;
  /** Aborted once it is loaded. */
  readonly signal: AbortSignal;
}

/** Waits until a plug-in has had its time to load, and says where it stands then; undefined as soon as it is loaded. */
export async function stuckLoading(
  { threadId }: Worker,
  { plugIns, thread, signal }: Loading,
): Promise<string | undefined> {
  // Only here: it takes node 3 ms.
  const { setTimeout: passed } = await import('node:timers/promises');
  const given = new GivenTime(() => [thread[0] ?? 0]);
  const startedAt = new GivenTime(() => []);
  let hasBegun = false;
  while (given.ms() < LOAD_MS && startedAt.wallMs() < LOAD_WALL_MS) {
    if (signal.aborted) return undefined;
    // What the thread itself is made of does not count.
    if (!hasBegun && thread[0] !== 0) given.restart();
    hasBegun = thread[0] !== 0;
    await passed(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  const { place, hasAnswered } = await placeInThread(threadId, plugIns);
  const where =
    place !== undefined
      ? `it stands in ${place}`
      : hasAnswered
        ? 'a top-level await that has not settled'
        : 'a call that does not come back';
  return `was not loaded within ${LOAD_MS / 1000} s: ${where}`;
}
