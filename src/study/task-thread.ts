/** The thread in which the code of a plug-in runs: see in-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { placeInStack } from '../fix/stack-of-thread.ts';
import type { Answer, ThreadData } from './in-thread.ts';
import { perform } from './task.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what in-thread.ts gives
const { task, beats } = workerData as ThreadData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port to a thread has no origin
parentPort?.postMessage(await answer());

async function answer(): Promise<Answer> {
  try {
    const result = await perform(task, () => {
      beats[0] = (beats[0] ?? 0) + 1;
    });
    return { kind: 'done', result };
  } catch (error) {
    if (!(error instanceof Error)) return { kind: 'failed', name: 'Error', message: String(error) };
    const { name, message, stack, cause } = error;
    const thrown = cause instanceof Error ? cause.stack : stack;
    const place = name === 'StrategyError' ? undefined : placeInStack(thrown, task.strategy);
    return { kind: 'failed', name, message: place === undefined ? message : `${message}, in ${place}` };
  }
}
