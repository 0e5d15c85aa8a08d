import type { Paint } from '../report/paint.ts';

/** A stream that text is written to. */
export interface Output {
  /** Resolves when the text is out, or when nobody reads any more. */
  readonly write: (text: string) => Promise<void>;
  readonly isTTY: boolean;
  /** Width of the terminal, now. */
  readonly columns: number;
  /** Colors where the stream shows them. */
  readonly paint: Paint;
}

/** All that the command line has of the process it runs in. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths start from. */
  readonly cwd: string;
  /** Calls `listener` on the first SIGINT, SIGTERM or SIGHUP, and ends the process if the command does not end then; returns what ends that. */
  readonly onInterrupt: (listener: () => void) => () => void;
}
