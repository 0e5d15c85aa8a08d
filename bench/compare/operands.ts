import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What is compared: two of the same kind. */
export type Operand =
  | { readonly kind: 'results'; readonly name: string; readonly path: string }
  | { readonly kind: 'build'; readonly name: string; readonly path: string }
  | { readonly kind: 'revision'; readonly name: string; readonly commit: string };

/** An argument that nothing can be done with: a line for people, status 64. */
export class OperandError extends Error {
  override readonly name = 'OperandError';
}

/**
 * Makes sure that the checkout in `folder` can be measured.
 * @throws {OperandError} If it has no block server.
 */
export function requireServer(folder: string, name: string): void {
  if (existsSync(join(folder, 'bench/block-server.ts'))) return;
  throw new OperandError(`${name}: no bench/block-server.ts in it: not a checkout, or an older one`);
}

/**
 * What an argument names: a file, a directory, or a revision of the repository at `root`.
 * @throws {OperandError} If it is none of them.
 */
export function operandOf(name: string, root: string): Operand {
  const path = resolve(name);
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return { kind: 'results', name, path };
    requireServer(path, name);
    if (existsSync(join(path, 'dist/cli/main.js'))) return { kind: 'build', name, path };
    throw new OperandError(`${name}: no dist/cli/main.js in it; run npm run build there`);
  }
  try {
    const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const commit = execFileSync('git', ['-C', root, ...verify], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { kind: 'revision', name, commit: commit.trim() };
  } catch {
    throw new OperandError(
      `${name}: neither a result file, nor a directory with a build, nor a revision; for example HEAD~1`,
    );
  }
}
