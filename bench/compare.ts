/**
 * `npm run bench:compare A B`: did B get slower? Two builds are measured in one run: directories with a dist/, or revisions,
 * which are built first. Two results of `npm run bench` are compared as they are, which tells less. `-- --check DIR` asks
 * whether the answers can be trusted on this machine.
 *
 * Ends with 0 if nothing got slower, 1 if something did, 2 if that cannot be told, 64 for bad input, 130 if interrupted.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BlockProcessError } from './block-process.ts';
import { answerText, STATUS_OF, verdictOf } from './compare/answer.ts';
import { type Build, buildOf } from './compare/build.ts';
import { check } from './compare/check.ts';
import { measureBuilds } from './compare/measure.ts';
import { type CompareOptions, compareOptions } from './compare/options.ts';
import { OperandError } from './compare/operands.ts';
import { compareResults } from './compare-results.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const abort = new AbortController();
const { signal } = abort;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function compareBuilds(
  options: Pick<CompareOptions, 'strategy' | 'startsMax'>,
  [a, b]: readonly Build[],
): Promise<number> {
  if (a === undefined || b === undefined) return 64;
  const onStart = (line: string, starts: number): void => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${line}: start ${starts} of ${options.startsMax} at most `);
  };
  const lines = await measureBuilds({ ...options, a, b, signal, onStart });
  if (process.stderr.isTTY) process.stderr.write('\n');
  process.stdout.write(answerText({ a: a.label, b: b.label }, lines));
  return STATUS_OF[verdictOf(lines)];
}

async function run(): Promise<number> {
  const options = compareOptions(process.argv.slice(2), ROOT);
  const builds: Build[] = [];
  try {
    for (const operand of options.operands) {
      if (operand.kind === 'results') return compareResults(options.operands.map(({ name }) => name));
      if (operand.kind === 'revision') say(`building ${operand.name} (${operand.commit.slice(0, 7)})`);
      builds.push(await buildOf(operand, { root: ROOT, signal }));
    }
    const [build] = builds;
    if (options.check === undefined || build === undefined) return await compareBuilds(options, builds);
    mkdirSync(dirname(options.check.record), { recursive: true });
    const isRight = await check({ ...options, ...options.check, build, signal, say });
    return isRight === true ? 0 : 1;
  } finally {
    await Promise.all(builds.map(({ remove }) => remove()));
  }
}

for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
try {
  const status = await run();
  process.exitCode = signal.aborted ? 130 : status;
} catch (error) {
  if (signal.aborted) process.exitCode = 130;
  else if (error instanceof OperandError || error instanceof BlockProcessError) {
    say(`bench:compare: ${error.message}`);
    process.exitCode = error instanceof OperandError ? 64 : 70;
  } else throw error;
}
