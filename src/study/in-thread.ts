import type { Worker } from 'node:worker_threads';
import { isImpurity } from '../fix/plug-in/guards.ts';
import { isPlugIn, StrategyError } from '../fix/plug-in/load.ts';
import { placeInThread } from '../fix/plug-in/stack-of-thread.ts';
import { startThread } from '../fix/plug-in/threads.ts';
import { HarnessError } from '../stress/harness-error.ts';
import { type AnyResult, perform, type ResultOf, type Task, type TaskHooks } from './task.ts';

/** How often the thread is looked after. */
const LOOK_MS = 500;
/** Silence after which it is asked where it stands. */
const SILENCE_MS = 2_000;
/** How often in a row it must stand in the plug-in's own code to be hung: one that is busy elsewhere hardly ever does. */
const ASKED_MAX = 4;
/** An operation that meets nobody takes a microsecond. */
const COST_SILENCE_MS = 5_000;
const HEAP_MB = 2_048;

/** What the thread is given. */
export interface ThreadData {
  readonly task: Task;
  /** One word that the thread raises while it goes on. */
  readonly beats: Int32Array;
}

/** What it answers, once. */
type Answer =
  | { readonly kind: 'done'; readonly result: AnyResult }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

/** What it says. */
export type Message = Answer | { readonly kind: 'threads'; readonly areRunning: boolean };

/**
 * Does a task. The code of a plug-in runs in a thread of its own: if that throws, exhausts its memory, ends, or stays in a
 * method without touching memory, the task ends with a sentence within seconds.
 * @throws {StrategyError} If there is no such strategy, or if a model cannot be made of it.
 * @throws {HarnessError} If the strategy breaks.
 */
export async function performSafely<Wanted extends Task>(
  task: Wanted,
  hooks: TaskHooks = {},
): Promise<ResultOf<Wanted>> {
  const result = isPlugIn(task.strategy) ? await inThread(task, hooks) : await inPlace(task, hooks);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- perform gives what the kind of the task says
  return result as ResultOf<Wanted>;
}

/**
 * As `performSafely`, and the project's own strategies have threads too: nothing that ran before has taught V8 anything, and
 * this thread stays awake. Rejects where `signal` ends it.
 */
export async function performInThread<Wanted extends Task>(
  task: Wanted,
  signal?: AbortSignal,
): Promise<ResultOf<Wanted>> {
  const result = await inThread(task, {}, signal);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- perform gives what the kind of the task says
  return result as ResultOf<Wanted>;
}

async function inPlace(task: Task, hooks: TaskHooks): Promise<AnyResult> {
  try {
    return await perform(task, () => {}, hooks);
  } catch (error) {
    if (error instanceof Error && error.name === 'SearchThreadError') {
      throw new HarnessError('EB_SEARCH_CRASHED', error.message, { cause: error });
    }
    throw error;
  }
}

async function inThread(task: Task, hooks: TaskHooks, signal?: AbortSignal): Promise<AnyResult> {
  const { strategy } = task;
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const data: ThreadData = { task, beats };
  const worker = startThread(new URL('./task-thread', import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    stdout: true,
  });
  // Standard output belongs to the result.
  worker.stdout.pipe(process.stderr, { end: false });
  const isOver = new AbortController();
  try {
    const answer = await Promise.race([
      answerOf(worker, strategy, hooks),
      hung(worker, data, isOver.signal),
      ...(signal === undefined ? [] : [aborted(signal, isOver.signal)]),
    ]);
    if (answer.kind === 'done') return answer.result;
    if (answer.name === 'StrategyError') throw new StrategyError(answer.message);
    if (answer.name === 'SearchThreadError') throw new HarnessError('EB_SEARCH_CRASHED', answer.message);
    if (answer.name === 'ProgramError') {
      const code = isImpurity(answer.message) ? 'EB_STRATEGY_IMPURE' : 'EB_STRATEGY_BROKEN';
      throw new HarnessError(code, `${strategy}: ${answer.message}`);
    }
    throw new Error(`${strategy}: ${answer.message}`);
  } finally {
    isOver.abort();
    await worker.terminate();
  }
}

async function aborted(signal: AbortSignal, isOver: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(new Error('interrupted'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true, signal: isOver });
  });
}

async function answerOf(worker: Worker, strategy: string, { signal, onThreads }: TaskHooks): Promise<Answer> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  signal?.addEventListener('abort', () => worker.postMessage('interrupt'));
  return new Promise((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if (message.kind === 'threads') onThreads?.(message.areRunning);
      else resolve(message);
    });
    worker.once('error', (error: NodeJS.ErrnoException) => {
      const what =
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? `ran out of memory (${HEAP_MB} MB)`
          : `broke the thread it ran in: ${error.message}`;
      reject(new HarnessError('EB_STRATEGY_BROKEN', `${strategy}: ${what}`, { cause: error }));
    });
    worker.once('exit', (code) => {
      const what = `ended the thread it ran in (exit code ${code}): an exit, or a top-level await that never settles`;
      reject(new HarnessError('EB_STRATEGY_BROKEN', `${strategy}: ${what}`));
    });
  });
}

/** Rejects once the thread is found in the plug-in's own code again and again without a sign of life. */
async function hung(worker: Worker, { task, beats }: ThreadData, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    let beat = beats[0];
    let silentMs = 0;
    let asked = 0;
    const look = async (): Promise<void> => {
      silentMs = beats[0] === beat ? silentMs + LOOK_MS : 0;
      beat = beats[0];
      const isSilent = silentMs >= SILENCE_MS;
      const place = isSilent ? await placeInThread(worker.threadId, task.strategy, 'top') : undefined;
      asked = place === undefined ? 0 : asked + 1;
      if (task.kind === 'cost' && silentMs >= COST_SILENCE_MS) {
        const text = `${task.strategy}: alone, an operation does not end: it waits for a lock that nobody gives back`;
        reject(new HarnessError('EB_ACTOR_HUNG', text));
        return;
      }
      if (asked >= ASKED_MAX) {
        const text = `${task.strategy}: does not come back from ${place}: it spins or computes, without a step`;
        reject(new HarnessError('EB_ACTOR_HUNG', text));
      } else if (!signal.aborted) timer = setTimeout(() => void look(), LOOK_MS);
    };
    let timer = setTimeout(() => void look(), LOOK_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  });
}
