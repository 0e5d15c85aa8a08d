import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOT_PINNED, pinApart, pinThreads } from '../../../src/stress/host/pinning.ts';
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
  vi.unstubAllEnvs();
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

describe('pinApart', () => {
  it.skipIf(!canPin)('keeps each thread on a processor of its own', async () => {
    const threads = [await startThread(), await startThread()];
    const two = new Set(processors.slice(0, 2));

    expect(await pinApart(threads, two)).toEqual({ processors: [...two], failed: null });
    expect(threads.map((thread) => Number(placeOf(thread)))).toEqual([...two]);
  });

  it.skipIf(!canPin)('leaves threads alone where there are processors to spare, or too few', async () => {
    const threads = [await startThread(), await startThread()];
    const before = threads.map(placeOf);

    expect(await pinApart(threads, new Set([...processors, 1_000]))).toBe(NOT_PINNED);
    expect(await pinApart(threads, new Set([0]))).toBe(NOT_PINNED);
    expect(threads.map(placeOf)).toEqual(before);
  });

  it('pins nothing where it is one thread alone', async () => {
    expect(await pinApart([1], new Set([0]))).toBe(NOT_PINNED);
  });
});

describe('pinThreads', () => {
  it.skipIf(!canPin)('keeps threads where they are to be, several on one processor, too', async () => {
    const threads = [await startThread(), await startThread(), await startThread()];
    const [first = 0, second = 0] = processors;
    const wanted = [second, first, second];

    expect(await pinThreads(threads, wanted)).toEqual({ processors: wanted, failed: null });
    expect(threads.map((thread) => Number(placeOf(thread)))).toEqual(wanted);
  });

  const because = (failed: string): object => ({ processors: null, failed });

  it.skipIf(!canPin)('says so where the system refuses', async () => {
    // No thread has this number: the kernel's are below 2^22.
    expect(await pinThreads([2 ** 30, 2 ** 30 + 1], [0, 1])).toEqual(because('taskset failed'));
  });

  it('says what is not known, and what is missing', async () => {
    expect(await pinThreads([1, 0], [0, 1])).toEqual(because('the system does not tell its threads'));
    vi.stubEnv('PATH', '/nonexistent');
    expect(await pinThreads([1, 2], [0, 1])).toEqual(because('there is no taskset of util-linux'));
  });
});
