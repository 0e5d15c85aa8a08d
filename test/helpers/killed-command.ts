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
