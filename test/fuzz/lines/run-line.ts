/** Runs a command line, in this process or as one of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run } from '../../../src/cli/cli.ts';
import { fakeEngine } from '../../unit/cli/fake-engine.ts';
import { fakeIo } from '../../unit/cli/fake-io.ts';
import type { Ended } from './judge.ts';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
/** Far beyond the longest that any generated line is to take, on a host with other work too. */
export const LIMIT_MS = 300_000;

/** In this process, from its sources, with an engine that runs nothing. */
export async function runInProcess(argv: readonly string[], cwd: string): Promise<Ended> {
  const io = fakeIo({ cwd });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LIMIT_MS);
  });
  try {
    const status = await Promise.race([run(argv, io, fakeEngine()), late]);
    return { status, stdout: io.out(), stderr: io.err() };
  } finally {
    clearTimeout(timer);
  }
}

/** The built program. */
export async function runProcess(argv: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...argv], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
