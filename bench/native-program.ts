import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FLAGS = ['-std=c11', '-O2', '-pthread'];

/** A program of bench/native, compiled. */
export interface NativeProgram {
  readonly path: string;
  readonly compiler: string;
  readonly remove: () => void;
}

/** Compiles `native/NAME.c` with the compiler that is there; undefined where there is none. */
export function compileNative(name: string, ...defines: readonly string[]): NativeProgram | undefined {
  const source = fileURLToPath(new URL(`native/${name}.c`, import.meta.url));
  for (const compiler of ['cc', 'gcc', 'clang']) {
    try {
      const version = execFileSync(compiler, ['--version'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const folder = mkdtempSync(join(tmpdir(), `ebtorture-${name}-`));
      const path = join(folder, name);
      execFileSync(compiler, [...FLAGS, ...defines.map((define) => `-D${define}`), '-o', path, source]);
      const [firstLine = compiler] = version.split('\n');
      return { path, compiler: firstLine, remove: () => rmSync(folder, { recursive: true, force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return undefined;
}
