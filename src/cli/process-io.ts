/** The streams and signals of this process. */
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import type { Tone } from '../report/paint.ts';
import { HarnessError } from '../stress/harness-error.ts';
import { ExitStatus } from './exit-status.ts';
import type { Io, Output } from './io.ts';
import { codeOf, reasonOf } from './reason.ts';

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
      throw new HarnessError('EB_OUTPUT_FAILED', `cannot write to ${name}: ${reasonOf(failure)}`, {
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
  let isInterrupted = false;
  const onSignal = (): void => {
    // Whoever asks twice does not want to wait.
    if (isInterrupted) process.exit(ExitStatus.Interrupted);
    isInterrupted = true;
    listener();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
