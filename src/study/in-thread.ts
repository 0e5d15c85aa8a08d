import type { Worker } from 'node:worker_threads';
import { isImpurity } from '../fix/plug-in/guards.ts';
import { stuckLoading } from '../fix/plug-in/describe.ts';
import { endThread } from '../fix/plug-in/live-threads.ts';
import { StrategyError } from '../fix/plug-in/load.ts';
import { placeInThread } from '../fix/plug-in/stack-of-thread.ts';
import { GivenTime } from '../fix/plug-in/thread-time.ts';
import { startThread } from '../fix/plug-in/threads.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import {
  type AnyResult,
  blamed,
  perform,
  plugInsOfTask,
  type ResultOf,
  type Task,
  type TaskHooks,
} from './task.ts';

/** How often the thread is looked after. */
const LOOK_MS = 500;
/** Silence after which it is asked where it stands; this and all times here are those that the thread was given. */
const SILENCE_MS = 2_000;
/** How long a thread may take to come to its task, by the wall clock. */
const START_MS = 60_000;
/** Where the time of a search is over sooner than its strategy is loaded, that may take so long all the same. */
const LOAD_MIN_MS = 1_000;
/** A thread that still loads its modules is not ended before it is through, or so long. */
const ARRIVE_MS = 1_000;
/** After an interrupt a thread may take so long to say what it has found. */
const INTERRUPT_MS = 700;
/** How often in a row it must stand in the plug-in's own code to be hung: one that is busy elsewhere hardly ever does. */
const ASKED_MAX = 4;
/** An operation that meets nobody takes a microsecond. */
const COST_SILENCE_MS = 5_000;
const HEAP_MB = 2_048;

/** What the thread is given. */
export interface ThreadData {
  readonly task: Task;
  /** One word that the thread raises while it goes on; first when the strategy is loaded. */
  readonly beats: Int32Array;
  /** One word for the system's number of the thread, -1 where it does not tell; 0 until its modules are loaded. */
  readonly thread: Int32Array;
  /** One word: 1 asks a task to end with what it has. */
  readonly interrupt: Int32Array;
}

/** What it answers, once. */
type Answer =
  | { readonly kind: 'done'; readonly result: AnyResult }
  | {
      readonly kind: 'failed';
      readonly name: string;
      readonly message: string;
      /** Whose doing it is. */
      readonly by: string;
    };

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
  const result = plugInsOfTask(task).length > 0 ? await inThread(task, hooks) : await inPlace(task, hooks);
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

/**
 * As `performInThread`, but what is found until `hooks.signal` is the result, where a task has one.
 * @throws {InterruptedError} Otherwise.
 */
export async function performUntilInterrupted<Wanted extends Task>(
  task: Wanted,
  hooks: TaskHooks,
): Promise<ResultOf<Wanted>> {
  const result = await inThread(task, hooks);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- perform gives what the kind of the task says
  return result as ResultOf<Wanted>;
}

async function inPlace(task: Task, hooks: TaskHooks): Promise<AnyResult> {
  try {
    return await perform(task, () => {}, hooks);
  } catch (error) {
    if (error instanceof Error && error.name === 'SearchThreadError') {
      throw new HarnessError('ERR_SEARCH_CRASHED', error.message, { cause: error });
    }
    throw error;
  }
}

async function inThread(task: Task, hooks: TaskHooks, signal?: AbortSignal): Promise<AnyResult> {
  const word = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4));
  const data: ThreadData = { task, beats: word(), thread: word(), interrupt: word() };
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
      answerOf(worker, data, hooks),
      ...lookedAfter(worker, data, isOver.signal),
      ...(signal === undefined ? [] : [aborted(signal, isOver.signal)]),
      ...(hooks.signal === undefined ? [] : [interrupted(hooks.signal, isOver.signal)]),
    ]);
    if (answer.kind === 'done') return answer.result;
    if (answer.name === 'StrategyError') throw new StrategyError(answer.message);
    if (answer.name === 'ScenarioError') throw new ScenarioError(answer.message);
    if (answer.name === 'SearchThreadError') throw new HarnessError('ERR_SEARCH_CRASHED', answer.message);
    if (answer.name === 'ProgramError') {
      const code = isImpurity(answer.message) ? 'ERR_STRATEGY_IMPURE' : 'ERR_STRATEGY_BROKEN';
      throw new HarnessError(code, `${answer.by}: ${answer.message}`);
    }
    throw new Error(`${answer.by}: ${answer.message}`);
  } finally {
    isOver.abort();
    await arrived(data);
    await endThread(worker);
  }
}

/** Watches the thread in all the ways in which it may never answer; each promise rejects and never resolves. */
function lookedAfter(worker: Worker, data: ThreadData, signal: AbortSignal): Promise<never>[] {
  const { task } = data;
  const watches = [notStarted(data, signal)];
  if (plugInsOfTask(task).length > 0)
    watches.push(notLoaded(worker, data, signal), hung(worker, data, signal));
  if (task.kind === 'cost') watches.push(neverEnding(data, signal));
  return watches;
}

/** Looks again and again until `signal` is aborted; rejects with what a look returns. */
async function watched(
  signal: AbortSignal,
  look: () => Error | undefined | Promise<Error | undefined>,
): Promise<never> {
  for (;;) {
    // Never settles once it is over: nobody waits any more.
    await new Promise<void>((resolve) => {
      if (signal.aborted) return;
      const stop = (): void => clearTimeout(timer);
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, LOOK_MS);
      signal.addEventListener('abort', stop, { once: true });
    });
    const error = await look();
    if (error !== undefined) throw error;
  }
}

/** Nothing of a built-in strategy can hang: where its thread does not come to its task, others have all processors. */
async function notStarted({ beats, thread }: ThreadData, signal: AbortSignal): Promise<never> {
  const startedAt = performance.now();
  return watched(signal, () =>
    thread[0] === 0 && beats[0] === 0 && performance.now() - startedAt > START_MS
      ? new HarnessError(
          'ERR_HOST_BUSY',
          `the host was busy: a thread did not start within ${START_MS / 1000} s`,
        )
      : undefined,
  );
}

/** A module that was loaded before may wait for ever the second time. */
async function notLoaded(
  worker: Worker,
  { task, beats, thread }: ThreadData,
  signal: AbortSignal,
): Promise<never> {
  const source = blamed(task);
  const plugIns = plugInsOfTask(task).map(({ path }) => path);
  const isLoaded = new AbortController();
  const given = new GivenTime(() => [thread[0] ?? 0]);
  const timeMaxMs = task.kind === 'explore' ? (task.limits?.timeMaxMs ?? Infinity) : Infinity;
  const watch = watched(signal, () => {
    if (beats[0] !== 0) isLoaded.abort();
    else if (given.wallMs() >= timeMaxMs && given.ms() >= LOAD_MIN_MS) {
      const text = `${source}: was not loaded within the time that the search may take (${timeMaxMs / 1000} s)`;
      return new HarnessError('ERR_TIME_OVER', text);
    }
    return undefined;
  });
  signal.addEventListener('abort', () => isLoaded.abort(), { once: true });
  const loading = stuckLoading(worker, { plugIns, thread, signal: isLoaded.signal });
  const stuck = loading.then(async (message) => {
    if (message !== undefined && beats[0] === 0) throw new StrategyError(`${source}: ${message}`);
    return watch;
  });
  return Promise.race([watch, stuck]);
}

/** Rejects once an operation that is timed alone goes on and on. */
async function neverEnding({ task, beats, thread }: ThreadData, signal: AbortSignal): Promise<never> {
  const silence = new GivenTime(() => [thread[0] ?? 0]);
  let beat = 0;
  return watched(signal, () => {
    if (beats[0] === beat) {
      if (beat === 0 || silence.ms() < COST_SILENCE_MS) return undefined;
      const text = `${task.strategy}: alone, an operation does not end: it waits for a lock that nobody gives back`;
      return new HarnessError('ERR_ACTOR_HUNG', text);
    }
    beat = beats[0] ?? 0;
    silence.restart();
    return undefined;
  });
}

/** Waits until the thread has loaded its own modules: ended meanwhile, it may take the process with it (Node 20). */
async function arrived({ thread }: ThreadData): Promise<void> {
  const until = performance.now() + ARRIVE_MS;
  while (thread[0] === 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function aborted(signal: AbortSignal, isOver: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(new Error('interrupted'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true, signal: isOver });
  });
}

/** Rejects if the thread says nothing for a while after it was asked to end with what it has. */
async function interrupted(signal: AbortSignal, isOver: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => {
      const timer = setTimeout(() => reject(new InterruptedError()), INTERRUPT_MS);
      isOver.addEventListener('abort', () => clearTimeout(timer), { once: true });
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true, signal: isOver });
  });
}

async function answerOf(
  worker: Worker,
  { task, interrupt }: ThreadData,
  { signal, onThreads }: TaskHooks,
): Promise<Answer> {
  const strategy = blamed(task);
  const end = (): void => {
    interrupt[0] = 1;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage('interrupt');
  };
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
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
      reject(new HarnessError('ERR_STRATEGY_BROKEN', `${strategy}: ${what}`, { cause: error }));
    });
    worker.once('exit', (code) => {
      const what = `ended the thread it ran in (exit code ${code}): an exit, or a top-level await that never settles`;
      reject(new HarnessError('ERR_STRATEGY_BROKEN', `${strategy}: ${what}`));
    });
  });
}

/** Rejects once the thread is found in the plug-in's own code again and again without a sign of life. */
async function hung(
  worker: Worker,
  { task, beats, thread }: ThreadData,
  signal: AbortSignal,
): Promise<never> {
  const plugIns = plugInsOfTask(task).map(({ path }) => path);
  const given = (): readonly number[] => [thread[0] ?? 0];
  const silence = new GivenTime(given);
  const sinceAsked = new GivenTime(given);
  let beat = 0;
  let asked = 0;
  return watched(signal, async () => {
    if (beats[0] !== beat || beat === 0) {
      beat = beats[0] ?? 0;
      asked = 0;
      silence.restart();
    }
    // One that got no processor since stands where it stood.
    if (silence.ms() < SILENCE_MS || sinceAsked.ms() < LOOK_MS / 4) return undefined;
    const { place, plugIn, hasAnswered } = await placeInThread(worker.threadId, plugIns, 'top');
    sinceAsked.restart();
    asked = place === undefined && hasAnswered ? 0 : asked + 1;
    if (asked < ASKED_MAX) return undefined;
    const text =
      place === undefined
        ? `${blamed(task)}: does not come back from a call outside of JavaScript`
        : `${plugIn ?? blamed(task)}: does not come back from ${place}: it spins or computes, without a step`;
    return new HarnessError('ERR_ACTOR_HUNG', text);
  });
}

/** Somebody did not want to wait, before there was anything to say. */
export class InterruptedError extends Error {
  constructor() {
    super('interrupted before anything was found');
    this.name = 'InterruptedError';
  }
}
