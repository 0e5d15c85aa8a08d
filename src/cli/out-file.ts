/**
 * The file behind `--out` and its like. The document is written aside in the same directory and renamed, so that FILE is at any
 * time either what it was or the whole new document.
 */
import { constants, promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { HarnessError } from '../stress/plan/harness-error.ts';
import { withAside } from './aside.ts';
import { codeOf, reasonOf } from './reason.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

// `node:fs/promises` takes node 3 ms to import where `node:fs` is there already.
const { access, lstat, open, realpath, rename, rm, stat } = promises;

/** What saving needs of a file that is open. */
export type OpenFile = (
  path: string,
  flags: string,
) => Promise<Pick<FileHandle, 'writeFile' | 'sync' | 'close'>>;

/** What a file to save is checked against. */
interface OutFileOptions {
  /** What relative paths start from. */
  readonly cwd: string;
  /** Files that the command reads: none of them is to be overwritten, by whatever name. @default [] */
  readonly inputs?: readonly string[];
}

/** Names of open files, which are gone with the process. */
const OPEN_FILE = /^\/(?:dev\/(?:std(?:in|out|err)$|fd(?:\/|$))|proc(?:\/|$))/;

/**
 * Returns the absolute path to save at, a symbolic link followed. Nothing is created: a run takes minutes, and shall
 * not be lost for a directory that is not there.
 * @throws {UsageError} If nothing could be saved there, or if it would overwrite what the command reads.
 */
export async function checkOutFile(option: string, text: string, options: OutFileOptions): Promise<string> {
  const { cwd, inputs = [] } = options;
  if (text === '') throw new UsageError(`${option}: expected a file name, got ''`);
  if (text === '-') throw new UsageError(`${option}: expected a file name, got '-'; --json prints to stdout`);
  if (/[/\\]$/.test(text)) {
    throw new UsageError(`${option}: ${quotedPath(text)} is a directory; give a file name`);
  }
  const path = resolve(cwd, text);
  if (OPEN_FILE.test(path)) {
    throw new UsageError(`${option}: ${quotedPath(text)} is no regular file; --json prints to stdout`);
  }
  try {
    const target = await existing(path);
    if (target !== undefined) {
      await requireFile(option, text, target);
      for (const input of inputs) await requireOther(option, target, resolve(cwd, input));
    }
    await requireDirectory(option, dirname(target ?? path));
    // The name is not too long for the aside file either.
    await existing(asideOf(target ?? path));
    return target ?? path;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option}: cannot save to ${quotedPath(text)}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** How a document is saved. */
interface SaveOptions {
  /** Which option named the file. @default --out */
  readonly option?: string;
  readonly openFile?: OpenFile;
}

/**
 * Saves the document.
 * @throws {HarnessError} If it cannot be saved; what was there before is untouched and nothing is left behind.
 */
export async function saveOutFile(path: string, document: string, options: SaveOptions = {}): Promise<void> {
  const { option = '--out', openFile = open } = options;
  const aside = asideOf(path);
  await withAside(aside, async () => {
    await saveAt(path, { aside, document, option, openFile });
  });
}

interface Saving extends Required<SaveOptions> {
  readonly aside: string;
  readonly document: string;
}

async function saveAt(path: string, { aside, document, option, openFile }: Saving): Promise<void> {
  try {
    // Left behind by a process of the same id that was killed; `wx` follows no link that somebody put there.
    await rm(aside, { force: true });
    const file = await openFile(aside, 'wx');
    try {
      await file.writeFile(document);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (cause) {
    await rm(aside, { force: true });
    const rest = option === '--out' ? '; the result is on stdout only' : '';
    const message = `${option}: cannot save ${path}: ${reasonOf(cause)}${rest}`;
    throw new HarnessError('ERR_OUTPUT_FAILED', message, { cause });
  }
}

function asideOf(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

/** The real path, undefined where there is nothing. */
async function existing(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const link = await lstat(path).catch(() => undefined);
  if (link !== undefined) throw new Error(`${basename(path)} is a symbolic link to nothing`);
  return undefined;
}

async function requireFile(option: string, text: string, target: string): Promise<void> {
  const found = await stat(target);
  if (found.isDirectory()) {
    throw new UsageError(`${option}: ${quotedPath(text)} is a directory; give a file name`);
  }
  if (!found.isFile()) {
    throw new UsageError(`${option}: ${quotedPath(text)} is no regular file, and would be replaced by one`);
  }
}

/** Links of both kinds lead to the same file under other names. */
async function requireOther(option: string, target: string, input: string): Promise<void> {
  const read = await stat(input, { bigint: true }).catch(() => undefined);
  if (read === undefined) return;
  const saved = await stat(target, { bigint: true });
  if (saved.dev !== read.dev || saved.ino !== read.ino) return;
  throw new UsageError(`${option}: would overwrite ${quotedPath(input)}, which is read; give another file`);
}

async function requireDirectory(option: string, directory: string): Promise<void> {
  try {
    const found = await stat(directory);
    if (!found.isDirectory()) throw new UsageError(`${option}: ${quotedPath(directory)} is no directory`);
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option}: cannot write in ${quotedPath(directory)}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
