import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, DescribeData } from './describe.ts';
import { guardThread } from './guards.ts';
import { systemThreadId } from './thread-time.ts';

/** The work of a thread in which a plug-in is loaded for the first time: see describe.ts. */
export function describeInThisThread<Description>(
  describe: (data: DescribeData) => Promise<Description>,
): void {
  guardThread();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what describe.ts gives
  const data = workerData as DescribeData;
  data.thread[0] = systemThreadId();
  // Not awaited here: of a module that waits for ever Node 24 warns in its own words.
  void answerFor(data, describe).then(say);
}

function say(answer: Answer<unknown>): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port to a thread has no origin
  parentPort?.postMessage(answer);
}

async function answerFor<Description>(
  data: DescribeData,
  describe: (data: DescribeData) => Promise<Description>,
): Promise<Answer<Description>> {
  try {
    return { kind: 'described', description: await describe(data) };
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}
