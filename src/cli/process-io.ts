/** The streams and signals of this process. */
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import type { Tone } from '../report/paint.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import { GivenTime } from '../fix/plug-in/thread-time.ts';
import { ExitStatus } from './exit-status.ts';
import type { Io, Output } from './io.ts';
import { leave } from './leave.ts';
import { codeOf, reasonOf } from './reason.ts';

/** A terminal's Ctrl-C, whoever ends a process politely, and a terminal that goes away. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What was found is printed within so long; on a busy host of the time that this thread is given, and at last by the wall clock. */
const PATIENCE_MS = 1_800;
const PATIENCE_WALL_MS = 10_000;
const LOOK_MS = 50;
const COLUMNS_DEFAULT = 80;
const COLORS = { good: 'green', bad: 'red', unsure: 'yellow' } as const satisfies Record<Tone, string>;

/** What `run` works with outside of tests. */
export function processIo(): Io {
  return {
    stdout: output(process.stdout, 'stdout'),
    stderr: output(process.stderr, 'stderr'),
    env: process.env,
    cwd: process.cwd(),
    onInterrupt,
  };
}

function output(stream: NodeJS.WriteStream & { readonly fd: number }, name: string): Output {
  // A failed write is reported through the callback below; without a listener it would end the process as well.
  stream.on('error', () => undefined);
  return {
    write: async (text) => {
      const failure = await new Promise<Error | null | undefined>((resolve) => {
        stream.write(text, resolve);
      });
      // Nobody reads any more, as with `| head`: that is no fault.
      if (failure === null || failure === undefined || isClosed(failure)) return;
      throw new HarnessError('ERR_OUTPUT_FAILED', `cannot write to ${name}: ${reasonOf(failure)}`, {
        cause: failure,
      });
    },
    isTTY: isatty(stream.fd),
    get columns() {
      const { columns } = stream as { readonly columns?: number };
      return columns === undefined || columns === 0 ? COLUMNS_DEFAULT : columns;
    },
    paint: (tone, text) => styleText(COLORS[tone], text, { stream, validateStream: true }),
  };
}

function isClosed(error: Error): boolean {
  const code = codeOf(error);
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

function onInterrupt(listener: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isInterrupted = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    // Whoever asks twice does not want to wait.
    if (isInterrupted) {
      void leave(ExitStatus.Interrupted, signal);
      return;
    }
    isInterrupted = true;
    // The number of the process is that of its main thread.
    const given = new GivenTime(() => [process.pid]);
    timer = setInterval(() => {
      if (given.ms() < PATIENCE_MS && given.wallMs() < PATIENCE_WALL_MS) return;
      clearInterval(timer);
      process.stderr.write('ebtorture: interrupted; what it was doing did not end\n');
      void leave(ExitStatus.Interrupted, signal);
    }, LOOK_MS);
    // It must not keep alive what it watches.
    timer.unref();
    listener();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    clearInterval(timer);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
