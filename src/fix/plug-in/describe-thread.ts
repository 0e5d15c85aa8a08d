/** The thread in which a plug-in is loaded for the first time: see describe.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { ExtentBufferModel } from '../../model/extent-buffer-model.ts';
import type { Answer, DescribeData } from './describe.ts';
import { guardThread } from './guards.ts';
import { loadStrategy, modelOf } from './load.ts';
import { overridesOf } from './module-checks.ts';
import { systemThreadId } from './thread-time.ts';

guardThread();
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what describe.ts gives
const { source: given, thread } = workerData as DescribeData;
thread[0] = systemThreadId();
// Not awaited here: of a module that waits for ever Node 24 warns in its own words.
void answerFor(given).then(say);

function say(answer: Answer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port to a thread has no origin
  parentPort?.postMessage(answer);
}

async function answerFor(source: string): Promise<Answer> {
  try {
    const strategy = await loadStrategy(source);
    const { name, expectation, summary, origin } = strategy;
    const overrides = overridesOf(modelOf(strategy), ExtentBufferModel);
    return { kind: 'described', description: { name, expectation, summary, origin, overrides } };
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}
