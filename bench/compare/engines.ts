/**
 * The engines of two builds, running at once and taking turns of a few ms: whatever the machine does hits both. Each block is a pair
 * with the one next to it, in an order that changes from pair to pair.
 */
import { BlockProcess, BlockProcessError, type ProcessBlock } from '../block-process.ts';
import type { BlockPair, BlockSample, StartPair } from './judge.ts';

/** How long a block takes: the machine is the same in two of them, next to each other. */
const BLOCK_MS = 20;
/** Pairs of blocks between two starts. */
const PAIRS = 20;
/** How long the code runs before anything counts: the JIT compiler optimizes what it runs. */
const WARM_UP_MS = 300;
const WARM_UP_BLOCK_MS = 50;

/** Two engines of the same setting. */
export class Engines {
  readonly #sides: { readonly a: BlockProcess; readonly b: BlockProcess };
  readonly #folders: { readonly a: string; readonly b: string };
  readonly #strategy: string;

  /**
   * @param options.a - The folder of a build with its bench/block-server.ts; `b` likewise.
   * @param options.processor - Keeps all actors on this processor; undefined: each has one of its own.
   * @param options.signal - Ends both at once.
   */
  constructor(options: {
    readonly a: string;
    readonly b: string;
    readonly strategy: string;
    readonly processor: number | undefined;
    readonly signal: AbortSignal;
  }) {
    const { a, b, strategy, processor, signal } = options;
    const server = [process.execPath, '--import', 'tsx', 'bench/block-server.ts', strategy] as const;
    const command = [...server, processor === undefined ? '2' : '1'] as const;
    const start = (cwd: string): BlockProcess =>
      new BlockProcess(
        processor === undefined ? command : ['taskset', '--cpu-list', String(processor), ...command],
        { cwd, signal },
      );
    this.#sides = { a: start(a), b: start(b) };
    this.#folders = { a, b };
    this.#strategy = strategy;
  }

  /**
   * Starts the threads of both anew and runs pairs of blocks.
   * @throws {BlockProcessError} If a build does not run.
   */
  async start(): Promise<StartPair> {
    await this.#orFolder('a', (side) => side.ask('start'));
    await this.#orFolder('b', (side) => side.ask('start'));
    for (let ms = 0; ms < WARM_UP_MS; ms += WARM_UP_BLOCK_MS) {
      await this.#block('a', WARM_UP_BLOCK_MS);
      await this.#block('b', WARM_UP_BLOCK_MS);
    }
    const blocks: BlockPair[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const early = pair % 2 === 0 ? await this.#block('a', BLOCK_MS) : undefined;
      const b = await this.#block('b', BLOCK_MS);
      blocks.push({ a: early ?? (await this.#block('a', BLOCK_MS)), b });
    }
    return { blocks };
  }

  /** Ends both. */
  async end(): Promise<void> {
    await Promise.all([this.#sides.a.end(), this.#sides.b.end()]);
  }

  async #block(name: 'a' | 'b', ms: number): Promise<BlockSample> {
    const { seconds, trials, roundTripNs }: ProcessBlock = await this.#orFolder(name, (side) =>
      side.runBlock(ms),
    );
    if (!(trials > 0)) {
      throw new BlockProcessError(`${this.#folders[name]}: '${this.#strategy}' ran no trials in ${ms} ms`);
    }
    return { nsPerTrial: (1e9 * seconds) / trials, roundTripNs };
  }

  async #orFolder<T>(name: 'a' | 'b', run: (side: BlockProcess) => Promise<T>): Promise<T> {
    try {
      return await run(this.#sides[name]);
    } catch (error) {
      if (!(error instanceof BlockProcessError)) throw error;
      throw new BlockProcessError(`${this.#folders[name]}: '${this.#strategy}' failed: ${error.message}`);
    }
  }
}
