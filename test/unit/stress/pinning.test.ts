import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { pinApart } from '../../../src/stress/host/pinning.ts';
import { allowedProcessors } from '../../../src/stress/host/proc.ts';

const CODE = `
const { parentPort } = require('node:worker_threads');
parentPort.postMessage(Number(require('node:fs').readlinkSync('/proc/thread-self').split('/').at(-1)));
setInterval(() => {}, 1000);
`;

const processors = [...(allowedProcessors() ?? [])];
const canPin = processors.length > 1 && spawnSync('taskset', ['--version']).status === 0;

const workers: Worker[] = [];

async function startThread(): Promise<number> {
  const worker = new Worker(CODE, { eval: true });
  workers.push(worker);
  const [thread] = (await once(worker, 'message')) as [number];
  return thread;
}

function placeOf(thread: number): string | undefined {
  const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  return /^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1];
}

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

describe('pinApart', () => {
  it.skipIf(!canPin)('keeps each thread on a processor of its own', async () => {
    const threads = [await startThread(), await startThread()];
    const two = new Set(processors.slice(0, 2));

    expect(await pinApart(threads, two)).toEqual([...two]);
    expect(threads.map((thread) => Number(placeOf(thread)))).toEqual([...two]);
  });

  it.skipIf(!canPin)('leaves threads alone where there are processors to spare, or too few', async () => {
    const threads = [await startThread(), await startThread()];
    const before = threads.map(placeOf);

    expect(await pinApart(threads, new Set([...processors, 1_000]))).toBeNull();
    expect(await pinApart(threads, new Set([0]))).toBeNull();
    expect(threads.map(placeOf)).toEqual(before);
  });

  it.each([
    { what: 'a thread is not known', threads: [1, 0], allowed: new Set([0, 1]) },
    { what: 'it is one thread alone', threads: [1], allowed: new Set([0]) },
  ])('pins nothing where $what', async ({ threads, allowed }) => {
    expect(await pinApart(threads, allowed)).toBeNull();
  });

  it('says so where the system refuses', async () => {
    // No thread has this number: the kernel's are below 2^22.
    expect(await pinApart([2 ** 30, 2 ** 30 + 1], new Set([0, 1]))).toBeNull();
  });
});
