/** The thread in which the code of a plug-in runs: see in-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { SuspensionMemory } from '../explore/program/suspension-memory.ts';
import { BuiltIns } from '../fix/plug-in/built-ins.ts';
import { guardThread, isImpurity, impurityText } from '../fix/plug-in/guards.ts';
import { placeInStack } from '../fix/plug-in/stack-of-thread.ts';
import { systemThreadId } from '../fix/plug-in/thread-time.ts';
import type { Message, ThreadData } from './in-thread.ts';
import { blamed, perform, plugInsOfTask } from './task.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what in-thread.ts gives
const { task, beats, thread, interrupt: interruptWord } = workerData as ThreadData;
thread[0] = systemThreadId() || -1;
const interrupt = new AbortController();
const modules = plugInsOfTask(task);
const builtIns = modules.length > 0 ? watched() : undefined;
const onInterrupt = (): void => interrupt.abort();
// Not awaited here: of a module that waits for ever Node 24 warns in its own words.
void answer().then(say);

function say(message: Message): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port to a thread has no origin
  parentPort?.postMessage(message);
}

/** While a listener is there the thread does not end by itself: only as long as it is of use. */
function onThreads(areRunning: boolean): void {
  if (areRunning) parentPort?.on('message', onInterrupt);
  else parentPort?.off('message', onInterrupt);
  say({ kind: 'threads', areRunning });
}

async function answer(): Promise<Message> {
  try {
    const beat = (): void => {
      beats[0] = (beats[0] ?? 0) + 1;
    };
    const isInterrupted = (): boolean => interruptWord[0] !== 0;
    const result = await perform(task, beat, { signal: interrupt.signal, onThreads, isInterrupted });
    return meddling() ?? { kind: 'done', result };
  } catch (error) {
    const meddled = meddling();
    if (meddled !== undefined) return meddled;
    if (!(error instanceof Error)) return failed('Error', String(error));
    const { name, message, cause } = error;
    const stack = cause instanceof Error ? cause.stack : error.stack;
    const isRefused = name === 'StrategyError' || name === 'ScenarioError';
    if (isRefused) return failed(name, message);
    if (isImpurity(message)) return failed('ProgramError', impurityText(message, stack, modules), stack);
    const place = placeInStack(
      stack,
      modules.map(({ path }) => path),
    );
    if (place === undefined) return failed(name, message);
    return failed('ProgramError', `${message}, in ${place}`, stack);
  }
}

function failed(name: string, message: string, stack?: string): Message {
  return { kind: 'failed', name, message, by: blamed(task, stack) };
}

function watched(): BuiltIns {
  guardThread();
  return new BuiltIns([{ name: "the memory's prototype", object: SuspensionMemory.prototype }]);
}

/** Whatever else has come of it: a plug-in has changed what it shares with those who judge it. */
function meddling(): Message | undefined {
  const change = builtIns?.change();
  if (change === undefined) return undefined;
  return failed('StrategyError', `${blamed(task)}: ${change}`);
}
