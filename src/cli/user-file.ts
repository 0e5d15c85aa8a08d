/** Files that the user names to be read. */
import { constants, promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf, reasonOf } from './reason.ts';
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

/** Beyond every journal: a week of blocks is a tenth of it. */
const JOURNAL_BYTES_MAX = 2 ** 30;
/** Bytes that are read at once. */
const PIECE_BYTES = 2 ** 20;

/**
 * The text of a file. Only regular files are read, so that nobody waits for a pipe or reads a device for ever.
 * @throws {UsageError} If it is none, too large, empty, or cannot be read.
 */
export async function readUserFile(
  text: string,
  { option, cwd, bytesMax = BYTES_MAX }: Where,
): Promise<string> {
  const named = quotedPath(text);
  const file = await openedUserFile(text, { option, cwd, bytesMax });
  try {
    const content = await file.readFile('utf8');
    if (content.trim() === '') throw new UsageError(`${option}: ${named} is empty`);
    return content;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option}: cannot read ${named}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await file.close();
  }
}

/**
 * The same piece by piece, for files that are too large to be held.
 * @throws {UsageError} If it is none, too large, or cannot be read.
 */
export async function* piecesOfUserFile(
  text: string,
  { option, cwd, bytesMax = JOURNAL_BYTES_MAX }: Where,
): AsyncGenerator<Uint8Array, void> {
  const file = await openedUserFile(text, { option, cwd, bytesMax });
  try {
    for (;;) {
      // Whoever reads keeps parts of it for a while.
      const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UsageError(`${option}: cannot read ${quotedPath(text)}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await file.close();
  }
}

/** How the file begins, as text. */
export async function beginningOfUserFile(text: string, where: Where, bytes: number): Promise<string> {
  const file = await openedUserFile(text, { bytesMax: JOURNAL_BYTES_MAX, ...where });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch (error) {
    throw new UsageError(`${where.option}: cannot read ${quotedPath(text)}: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    await file.close();
  }
}

async function openedUserFile(
  text: string,
  { option, cwd, bytesMax = BYTES_MAX }: Where,
): Promise<FileHandle> {
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
    return file;
  } catch (error) {
    await file?.close();
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option}: cannot read ${named}: ${reasonOf(error)}`, { cause: error });
  }
}
