/**
 * The threads that this process has started and that have not ended. To end one can fail: a thread that is in a call of the system does
 * not end before that returns, and a process waits for all of its threads when it exits. Nothing here waits without a limit.
 */
import type { Worker } from 'node:worker_threads';

/** How long whoever ends a thread waits for it. */
const END_MS = 1_000;
const live = liveSet();

/** One in the process, however many bundles of the program have this module in them. */
function liveSet(): Set<Worker> {
  const key = Symbol.for('ebtorture.live-threads');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else knows the symbol
  const shared = globalThis as { [key]?: Set<Worker> };
  return (shared[key] ??= new Set());
}

/** Adds a thread until it ends. */
export function keepThread(worker: Worker): void {
  if (live.has(worker)) return;
  live.add(worker);
  worker.once('exit', () => live.delete(worker));
}

/** The threads that have not ended. */
export function liveThreads(): ReadonlySet<Worker> {
  return live;
}

/** Ends a thread, whatever it does. Never rejects; one that does not end in time holds nobody up, but is still a live one. */
export async function endThread(worker: Worker): Promise<void> {
  await within(worker.terminate(), END_MS);
  worker.unref();
}

/** What piscina's pools have of what is needed here. */
interface Pool extends PoolEvents {
  readonly threads: readonly Worker[];
  readonly destroy: () => Promise<void>;
}

interface PoolEvents {
  readonly on: (event: 'error', listener: (error: Error) => void) => unknown;
}

/** How piscina begins the error for an answer to a task that was given up meanwhile. */
const LATE_ANSWER = 'Unexpected message from Worker';

/** What becomes of the threads of these pools is nobody's business any more. */
const ended = new WeakSet<PoolEvents>();

/** Has an answer that nobody waits for any more be no error: its task was aborted as it was sent. All other errors of the pool are thrown. */
export function dropLateAnswers(pool: PoolEvents): void {
  pool.on('error', (error) => {
    if (!ended.has(pool) && !error.message.startsWith(LATE_ANSWER)) throw error;
  });
}

/** Ends all threads of a pool, as `endThread` does. What they still say is not heard. */
export async function endPool(pool: Pool): Promise<void> {
  const { threads } = pool;
  ended.add(pool);
  pool.on('error', () => {});
  for (const worker of threads) keepThread(worker);
  await within(pool.destroy(), END_MS);
  for (const worker of threads) worker.unref();
}

/** Ends all threads that are left, and waits for them up to `limitMs`. Whether none is left. */
export async function endAllThreads(limitMs: number): Promise<boolean> {
  await within(Promise.allSettled([...live].map((worker) => worker.terminate())), limitMs);
  return live.size === 0;
}

/** Waits for a promise, whatever comes of it, but no longer than `limitMs`. Whether it was settled. */
export async function within(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([promise.then(isSettled, isSettled), isOver]);
  } finally {
    clearTimeout(timer);
  }
}

function isSettled(): boolean {
  return true;
}
