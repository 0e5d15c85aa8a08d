import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { strategies } from '../src/fix/registry.ts';
import { formatRows, type Row } from './batched.ts';
import { memorySuite } from './memory.bench.ts';
import { operationsSuite } from './operations.bench.ts';
import { formatTwin, twinSuite } from './twin.bench.ts';

/**
 * `npm run bench`: every suite, one after the other; nothing else should be running.
 *
 * Each row group has a process of its own, as the threads of the hardware engine have: code that has seen two strategies
 * or two kinds of instructions is slower for both.
 */

/** What a child process runs, by its first argument. */
const SUITES: Readonly<Record<string, (argument: string) => Promise<Row[]>>> = {
  memory: (kind) => memorySuite(kind === 'wasm' ? 'wasm' : 'Atomics'),
  readahead: (strategy) => operationsSuite(strategy, 0),
  releasepage: (strategy) => operationsSuite(strategy, 1),
};

/** Pairs of blocks of engine and twin. */
const TWIN_PAIRS = 40;

async function inProcess(suite: string, argument: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [suite, argument]);
    child.once('message', (rows) => resolve(rows as Row[]));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`${suite} ${argument}: exited with ${code}`));
    });
  });
}

const [suite, argument] = process.argv.slice(2);
if (suite !== undefined && argument !== undefined) {
  process.send?.(await SUITES[suite]?.(argument));
} else {
  process.stdout.write(`node ${process.versions.node}, v8 ${process.versions.v8}\n\n`);
  for (const kind of ['Atomics', 'wasm']) {
    process.stdout.write(
      `${formatRows(`Memory operations, uncontended, ${kind}`, await inProcess('memory', kind))}\n\n`,
    );
  }
  const operations: Row[] = [];
  for (const operation of ['readahead', 'releasepage']) {
    for (const { name } of strategies) operations.push(...(await inProcess(operation, name)));
  }
  process.stdout.write(`${formatRows('Kernel operations, uncontended, 4 pages', operations)}\n`);
  for (const strategy of ['none', 'upstream'] as const) {
    const result = await twinSuite(strategy, TWIN_PAIRS);
    process.stdout.write(
      result === undefined
        ? '\nNo C compiler: the comparison with the native twin is skipped.\n'
        : `\n${formatTwin(result)}\n`,
    );
  }
}
