import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pinThreads, threadsOf } from './pin-threads.ts';

const SOURCE = fileURLToPath(new URL('native/twin.c', import.meta.url));
const FLAGS = ['-std=c11', '-O2', '-pthread'];

/** The twin, compiled. */
export interface CompiledTwin {
  readonly path: string;
  readonly compiler: string;
  readonly remove: () => void;
}

/** Compiles the twin with the compiler that is there; undefined where there is none. */
export function compileTwin(...defines: readonly string[]): CompiledTwin | undefined {
  for (const compiler of ['cc', 'gcc', 'clang']) {
    try {
      const version = execFileSync(compiler, ['--version'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const folder = mkdtempSync(join(tmpdir(), 'ebtorture-twin-'));
      const path = join(folder, 'twin');
      execFileSync(compiler, [...FLAGS, ...defines.map((name) => `-D${name}`), '-o', path, SOURCE]);
      const [firstLine = compiler] = version.split('\n');
      return { path, compiler: firstLine, remove: () => rmSync(folder, { recursive: true, force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return undefined;
}

/** One block of the twin. */
export interface TwinBlock {
  readonly seconds: number;
  readonly trials: number;
  readonly violations: number;
  readonly roundTripNs: number | null;
  /** By outcome index of the scenario. */
  readonly outcomes: readonly number[];
}

/** What a twin runs; the engine's defaults are the ones to compare with. */
export interface TwinSetting {
  readonly strategy: 'none' | 'upstream';
  readonly pages: number;
  readonly worlds: number;
  readonly stride: number;
}

/** A running twin: waits between blocks. */
export class Twin {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(path: string, { strategy, pages, worlds, stride }: TwinSetting) {
    this.#child = spawn(path, ['bench', strategy, String(pages), String(worlds), String(stride)]);
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async runBlock(ms: number): Promise<TwinBlock> {
    this.#child.stdin.write(`${Math.round(ms)}\n`);
    const { value } = (await this.#lines.next()) as { readonly value?: string };
    if (value === undefined) throw new Error('the twin has ended');
    const [seconds = NaN, trials = NaN, violations = NaN, roundTripNs = 0, ...outcomes] = value
      .split(' ')
      .map(Number);
    return { seconds, trials, violations, roundTripNs: roundTripNs === 0 ? null : roundTripNs, outcomes };
  }

  /** Keeps each actor on a processor of its own, if the system can; after a first block, when they have started. */
  pin(): boolean {
    return this.#child.pid !== undefined && pinThreads(threadsOf(this.#child.pid));
  }

  end(): void {
    this.#reader.close();
    this.#child.kill();
  }
}
