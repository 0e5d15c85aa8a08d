/** A process without a process: what is written is kept, signals are sent by hand. */
import type { Io, Output } from '../../../src/cli/io.ts';

export interface FakeIo extends Io {
  /** What was written so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Sends a signal. */
  readonly interrupt: () => void;
}

export interface FakeIoOptions {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const { isTTY = false, columns = 80, env = {}, cwd = process.cwd() } = options;
  const written = { out: '', err: '' };
  const listeners = new Set<() => void>();
  const output = (stream: 'out' | 'err'): Output => ({
    write: (text) => {
      written[stream] += text;
      return Promise.resolve();
    },
    isTTY,
    columns,
    paint: (tone, text) => (isTTY ? `<${tone}>${text}</>` : text),
  });
  return {
    stdout: output('out'),
    stderr: output('err'),
    env,
    cwd,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    out: () => written.out,
    err: () => written.err,
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
}
