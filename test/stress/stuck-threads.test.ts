import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, it, type TestContext } from 'vitest';
import { describeStrategy } from '../../src/catalog/describe-strategy.ts';
import {
  dropLateAnswers,
  endPool,
  endThread,
  keepThread,
  liveThreads,
} from '../../src/fix/plug-in/live-threads.ts';
import { placeInThread } from '../../src/fix/plug-in/stack-of-thread.ts';
import { InterruptedError, performSafely, performUntilInterrupted } from '../../src/study/in-thread.ts';
import type { ExploreTask } from '../../src/study/task.ts';

function thread(code: string, { onTestFinished }: TestContext): Worker {
  const worker = new Worker(`const { parentPort } = require('node:worker_threads'); ${code}`, { eval: true });
  onTestFinished(async () => {
    await worker.terminate();
  });
  return worker;
}

function folder({ onTestFinished }: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ebtorture-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A thread that is in a call of the system now, for three seconds, and says then that it goes on. */
async function sleeping(test: TestContext): Promise<Worker> {
  const begun = join(folder(test), 'begun');
  const worker = thread(
    `require('node:child_process').execSync("touch '${begun}'; sleep 3"); parentPort.postMessage('went on');`,
    test,
  );
  while (!existsSync(begun)) await setTimeout(5);
  return worker;
}

/** A strategy with this code in front of it. */
function plugIn(test: TestContext, before: string, body = ''): string {
  const path = join(folder(test), 'planted.mjs');
  writeFileSync(path, `${before}\nexport default (Base) => class extends Base { ${body} };\n`);
  return path;
}

function searchOf(strategy: string, timeMaxMs = Infinity): ExploreTask {
  return {
    kind: 'explore',
    strategy,
    scenario: 'readahead-vs-releasepage',
    start: 'primed',
    actors: [
      { role: 'finder', count: 1 },
      { role: 'reclaim', count: 1 },
    ],
    pages: 1,
    chances: {},
    limits: { timeMaxMs },
    reductions: {},
  };
}

/**
 * A strategy that reads in its first read from a pipe which gives nothing before the test ends. What node has for that refuses to be
 * called by a model; WASI's is not among it.
 */
function stuckReader(test: TestContext): string {
  const pipe = join(folder(test), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const descriptor = openSync(pipe, 'r+');
  test.onTestFinished(() => {
    writeSync(descriptor, '\n');
    closeSync(descriptor);
  });
  const before = `
    import { openSync } from 'node:fs';
    import { WASI } from 'node:wasi';
    const wasi = new WASI({ version: 'preview1', stdin: openSync('${pipe}', 'r') });
    const memory = new WebAssembly.Memory({ initial: 1 });
    wasi.initialize({ exports: { memory } });
    // One buffer, at 16, of one byte; how much was read goes to 8.
    new Uint32Array(memory.buffer).set([16, 1]);`;
  return plugIn(test, before, 'setIoPages() { wasi.wasiImport.fd_read(0, 0, 1, 8); }');
}

const AWAITS = (ms: number): string =>
  `await new Promise((resolve) => globalThis.setTimeout(resolve, ${ms}));`;
const BLOCKS = "import { execSync } from 'node:child_process'; execSync('sleep 15');";

describe('placeInThread', () => {
  it('does not hold up a thread that comes to the question when nobody waits for an answer any more', async (test) => {
    const { expect } = test;
    const worker = await sleeping(test);
    const message = once(worker, 'message');

    // Paused, as it once was, it would never get to its message.
    await expect(placeInThread(worker.threadId, '/x/my-fix.mjs')).resolves.toEqual({
      hasAnswered: false,
      place: undefined,
    });
    await expect(message).resolves.toEqual(['went on']);
  });

  it('has an answer of a thread that has nothing to do, and of one that spins, and neither is in the plug-in', async (test) => {
    const { expect } = test;
    for (const code of ["parentPort.on('message', () => {});", 'for (;;);']) {
      const worker = thread(`parentPort.postMessage('begun'); ${code}`, test);
      await once(worker, 'message');

      await expect(placeInThread(worker.threadId, '/x/my-fix.mjs')).resolves.toEqual({
        hasAnswered: true,
        place: undefined,
      });
    }
  });
});

describe('endThread', () => {
  it('waits no longer than a second for a thread that is in a call of the system', async (test) => {
    const { expect } = test;
    const worker = await sleeping(test);
    keepThread(worker);
    const ended = once(worker, 'exit');

    await endThread(worker);

    expect(liveThreads().has(worker)).toBe(true);
    worker.ref();
    await ended;
    expect(liveThreads().has(worker)).toBe(false);
  });
});

describe('a pool', () => {
  const late = new Error('Unexpected message from Worker: { taskId: 145 }');

  it('drops the answer to a task that was given up, and no other error', ({ expect }) => {
    const pool = new EventEmitter<{ error: [Error] }>();
    expect(() => pool.emit('error', late)).toThrow(late);

    dropLateAnswers(pool);

    expect(() => pool.emit('error', late)).not.toThrow();
    expect(() => pool.emit('error', new Error('another'))).toThrow('another');
  });

  it('is not heard any more once it is ended', async ({ expect }) => {
    const pool = Object.assign(new EventEmitter<{ error: [Error] }>(), {
      threads: [],
      destroy: async () => Promise.resolve(),
    });
    dropLateAnswers(pool);
    expect(() => pool.emit('error', new Error('out of memory'))).toThrow('out of memory');

    await endPool(pool);

    expect(() => pool.emit('error', late)).not.toThrow();
    expect(() => pool.emit('error', new Error('out of memory'))).not.toThrow();
  });
});

// They wait: side by side.
describe.concurrent('a search of a plug-in', () => {
  it('waits for a module that is slow to load, and nothing holds it up', async (test) => {
    const { expect } = test;
    const found = await performSafely(searchOf(plugIn(test, AWAITS(2_500))));

    expect(found).toMatchObject({ verdict: 'violated', complete: true });
  });

  it('ends by its own limit of time while the module loads', async (test) => {
    const { expect } = test;
    await expect(performSafely(searchOf(plugIn(test, AWAITS(60_000)), 500))).rejects.toMatchObject({
      code: 'ERR_TIME_OVER',
    });
  });

  it('is refused if the module is never loaded', async (test) => {
    const { expect } = test;
    const awaits = plugIn(test, AWAITS(60_000));
    const blocks = plugIn(test, BLOCKS);
    // What spins is asked for its place in engine.test.ts and plug-ins.test.ts: this keeps no processor busy.
    const stands = plugIn(test, 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);');

    await Promise.all([
      expect(performSafely(searchOf(awaits))).rejects.toThrow(/5 s: a top-level await that has not settled/),
      expect(performSafely(searchOf(blocks))).rejects.toThrow(/5 s: a call that does not come back/),
      expect(describeStrategy(stands, readaheadVsReleasepage)).rejects.toThrow(
        /5 s: it stands in planted\.mjs:1/,
      ),
    ]);
  });

  it('is broken if a method stays in a call that nothing ends', async (test) => {
    const { expect } = test;

    await expect(performSafely(searchOf(stuckReader(test)))).rejects.toThrow(
      /does not come back from a call outside of JavaScript/,
    );
  });

  it('ends when it is interrupted, whatever its thread does', async (test) => {
    const { expect } = test;
    const interrupt = new AbortController();
    interrupt.abort();

    await expect(
      performUntilInterrupted(searchOf(plugIn(test, AWAITS(60_000))), { signal: interrupt.signal }),
    ).rejects.toBeInstanceOf(InterruptedError);
  });
});
