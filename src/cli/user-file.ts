/** Files that the user names to be read. */
import { constants, promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { reasonOf } from './reason.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

/** Beyond every document that a run saves. */
const BYTES_MAX = 256 * 2 ** 20;

/** How a file is named in messages, and what relative paths start from. */
interface Where {
  /** The option or command that was given the file. */
  readonly option: string;
  readonly cwd: string;
  /** @default beyond every document that a run saves */
  readonly bytesMax?: number;
}

/**
 * The text of a file. Only regular files are read, so that nobody waits for a pipe or reads a device for ever.
 * @throws {UsageError} If it is none, too large, empty, or cannot be read.
 */
export async function readUserFile(
  text: string,
  { option, cwd, bytesMax = BYTES_MAX }: Where,
): Promise<string> {
  const named = quotedPath(text);
  let file: FileHandle | undefined;
  try {
    // Opening a pipe that nobody writes to would wait for somebody who does.
    file = await promises.open(resolve(cwd, text), constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (found.isDirectory()) throw new UsageError(`${option}: ${named} is a directory; give a file`);
    if (!found.isFile()) {
      throw new UsageError(
        `${option}: ${named} is no regular file; save what it gives in one, and give that`,
      );
    }
    if (found.size > bytesMax) {
      throw new UsageError(`${option}: ${named} is larger than ${bytesMax / 2 ** 20} MiB`);
    }
    const content = await file.readFile('utf8');
    if (content.trim() === '') throw new UsageError(`${option}: ${named} is empty`);
    return content;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option}: cannot read ${named}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await file?.close();
  }
}
