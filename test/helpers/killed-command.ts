import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Runs a command line of the built program in a folder and kills it so many ms after it was begun: how it ended, null if it was killed. */
export async function endedIn(cwd: string, line: string, killAfterMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, ...line.split(' ')], { cwd, stdio: 'ignore' });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return status;
}

/** How often somebody looks whether it is time. */
const LOOK_MS = 20;

/** How a command ended, and what it said. */
export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line there, and sends it a signal as soon as `isTime` says so, if it ever does. */
export async function saidIn(
  cwd: string,
  line: string,
  { signal = 'SIGKILL', isTime }: { readonly signal?: NodeJS.Signals; readonly isTime?: () => boolean } = {},
): Promise<Said> {
  const child = spawn(process.execPath, [MAIN, ...line.split(' ')], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');
  const look = setInterval(() => {
    if (isTime?.() !== true) return;
    clearInterval(look);
    child.kill(signal);
  }, LOOK_MS);
  const [status] = (await closed) as [number | null];
  clearInterval(look);
  return { status, stdout, stderr };
}
