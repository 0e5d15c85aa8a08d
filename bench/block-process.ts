import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a block has shown. */
export interface ProcessBlock {
  readonly seconds: number;
  readonly trials: number;
  readonly violations: number;
  /** Null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
  /** By outcome index of the scenario; empty where the program does not tell. */
  readonly outcomes: readonly number[];
}

/** A program that cannot be measured. */
export class BlockProcessError extends Error {
  override readonly name = 'BlockProcessError';
}

/**
 * A program that runs a block whenever a line asks for it and sleeps in between, so that two of them can take turns of a few
 * milliseconds: the native twin, and the engine of a build (block-server.ts).
 */
export class BlockProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string, undefined>;
  readonly #ended: Promise<void>;
  #stderr = '';

  /**
   * @param options.signal - Ends the program at once.
   */
  constructor(
    [program, ...args]: readonly [string, ...string[]],
    { signal }: { readonly signal?: AbortSignal } = {},
  ) {
    this.#child = spawn(program, args, { signal, killSignal: 'SIGKILL' });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    // A program that has ended is noticed by the line that it does not answer.
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', (error) => (this.#stderr += error.message));
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Runs a block.
   * @throws {BlockProcessError} If the program has ended.
   */
  async runBlock(ms: number): Promise<ProcessBlock> {
    const answer = await this.ask(String(Math.round(ms)));
    const [seconds = Number.NaN, trials = Number.NaN, violations = Number.NaN, roundTripNs = 0, ...outcomes] =
      answer.split(' ').map(Number);
    return { seconds, trials, violations, roundTripNs: roundTripNs === 0 ? null : roundTripNs, outcomes };
  }

  /** Ends the program and waits for its end. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /**
   * The line that the program answers a line with.
   * @throws {BlockProcessError} If it has ended.
   */
  async ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    const { value } = await this.#lines.next();
    if (value !== undefined) return value;
    await this.#ended;
    const said = this.#stderr.split('\n').find((text) => /\S/.test(text));
    throw new BlockProcessError(said ?? `ended with status ${this.#child.exitCode}`);
  }
}
