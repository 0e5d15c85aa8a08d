import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BlockProcess, type ProcessBlock } from './block-process.ts';
import { pinApart, threadsOf } from './processors.ts';

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

/** What a twin runs; the engine's defaults are the ones to compare with. */
export interface TwinSetting {
  readonly strategy: 'none' | 'upstream';
  readonly pages: number;
  readonly worlds: number;
  readonly stride: number;
}

/** A running twin: sleeps between blocks. */
export class Twin {
  readonly #process: BlockProcess;

  constructor(path: string, { strategy, pages, worlds, stride }: TwinSetting) {
    this.#process = new BlockProcess([
      path,
      'bench',
      strategy,
      String(pages),
      String(worlds),
      String(stride),
    ]);
  }

  /** Runs a block. */
  runBlock(ms: number): Promise<ProcessBlock> {
    return this.#process.runBlock(ms);
  }

  /** Keeps each actor on a processor of its own, if the system can; after a first block, when they have started. */
  pin(): boolean {
    return this.#process.pid !== undefined && pinApart(threadsOf(this.#process.pid));
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}
