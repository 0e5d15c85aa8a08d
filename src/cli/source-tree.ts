/** Kernel source trees that the user names to be read. */
import { promises } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SourceTree } from '../study/drift/source-tree.ts';
import { releaseOf } from '../study/drift/kernel-version.ts';
import { echoed } from './parse.ts';
import { codeOf, reasonOf } from './reason.ts';
import { UsageError } from './usage-error.ts';
import { readUserFile } from './user-file.ts';
import { visible } from '../report/visible.ts';
import { quotedPath } from './visible.ts';

/** Ten times the largest file that is asked for. */
const FILE_BYTES_MAX = 4 * 2 ** 20;

/** How a tree is named in messages, and what is read of it. */
interface Wanted {
  readonly option: string;
  /** What a relative path starts from. */
  readonly cwd: string;
  /** Paths in the tree. */
  readonly files: readonly string[];
}

/**
 * Reads files of a tree; those that it does not have are left out.
 * @throws {UsageError} If it is no kernel source tree, or a file of it cannot be read.
 */
export async function readSourceTree(path: string, { option, cwd, files }: Wanted): Promise<SourceTree> {
  if (path.trim() === '') throw new UsageError(`${option}: expected a directory, got ${echoed(path)}`);
  const named = quotedPath(path);
  await requireDirectory(path, { option, cwd });
  const read = async (file: string): Promise<string | undefined> => textOf(join(path, file), { option, cwd });
  const makefile = await read('Makefile');
  const release = makefile === undefined ? undefined : releaseOf(makefile);
  if (release === undefined) {
    const reason = makefile === undefined ? 'it has no Makefile' : 'its Makefile names no version';
    throw new UsageError(`${option}: ${named} is not the root of a kernel source tree: ${reason}`);
  }
  const found = new Map<string, string>();
  for (const file of files) {
    const text = await read(file);
    if (text !== undefined) found.set(file, text);
  }
  if (found.size === 0)
    throw new UsageError(
      `${option}: ${named} has no ${files[0] ?? 'file'} and none of ${files.length - 1} other files; give the root of a whole kernel source tree`,
    );
  return { path: visible(path), release, files: found };
}

async function requireDirectory(path: string, { option, cwd }: Omit<Wanted, 'files'>): Promise<void> {
  const named = quotedPath(path);
  try {
    const found = await promises.stat(resolve(cwd, path));
    if (found.isDirectory()) return;
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${named}: ${reasonOf(error)}`, { cause: error });
  }
  const advice = /\.tar(?:\.\w+)?$/.test(path) ? 'unpack it, and give' : 'give';
  throw new UsageError(`${option}: ${named} is no directory; ${advice} the root of a kernel source tree`);
}

/** The text of a file, undefined where there is none. */
async function textOf(path: string, where: Omit<Wanted, 'files'>): Promise<string | undefined> {
  try {
    return await readUserFile(path, { ...where, bytesMax: FILE_BYTES_MAX });
  } catch (error) {
    const cause = error instanceof UsageError ? codeOf(error.cause) : undefined;
    if (cause === 'ENOENT' || cause === 'ENOTDIR') return undefined;
    throw error;
  }
}
