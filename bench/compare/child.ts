import { spawn } from 'node:child_process';

/** How a child process ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. It leads a process group of its own, which `signal` ends as a whole: nothing that a build has
 * started writes into a folder that is being removed.
 * @throws The reason of `signal`, once the program has ended.
 */
export async function runChild(
  [program, ...args]: readonly [string, ...string[]],
  options: { readonly signal: AbortSignal; readonly cwd?: string },
): Promise<Ended> {
  const { signal, cwd } = options;
  signal.throwIfAborted();
  const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const end = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      // It has ended by itself in the meantime.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  signal.addEventListener('abort', end);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return { status, stdout, stderr };
  } finally {
    signal.removeEventListener('abort', end);
  }
}
