import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { processIo } from '../../../src/cli/process-io.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly err: string;
}

/** Runs `ebtorture list` with its stdout on a file descriptor, or on a pipe that nobody reads. */
async function list(stdout: number | 'closed'): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'list'], {
    stdio: ['ignore', stdout === 'closed' ? 'pipe' : stdout, 'pipe'],
  });
  child.stdout?.destroy();
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  if (child.stderr === null) throw new Error('stderr is a pipe');
  return { err: await text(child.stderr), status: await ended };
}

describe('a process', () => {
  it('says nothing when nobody reads its stdout any more', async () => {
    expect(await list('closed')).toEqual({ status: 0, err: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('ends with 70 and one message when stdout is full', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => {
      closeSync(full);
    });

    expect(await list(full)).toEqual({
      status: 70,
      err: 'ebtorture: cannot write to stdout: no space left on device (ENOSPC)\n',
    });
  });
});

describe('onInterrupt', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'calls back on the first %s and exits on the second',
    (signal) => {
      const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
      const listener = vi.fn<() => void>();
      const before = process.listenerCount(signal);
      const disconnect = processIo().onInterrupt(listener);
      onTestFinished(() => {
        disconnect();
        exit.mockRestore();
      });

      process.emit(signal, signal);
      expect(listener).toHaveBeenCalledTimes(1);
      expect(exit).not.toHaveBeenCalled();
      process.emit(signal, signal);
      expect(exit.mock.calls).toEqual([[130]]);

      disconnect();
      expect(process.listenerCount(signal)).toBe(before);
    },
  );
});
