/** The file that `hunt --journal` keeps: lines that are added, so that a kill at any moment loses nothing but the last one. */
import { promises } from 'node:fs';
import { resolve } from 'node:path';
import type { HuntResult } from '../study/hunt/hunt-result.ts';
import { configIn, Journal, JournalError } from '../study/hunt/journal.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import { checkOutFile } from './out-file.ts';
import { codeOf, reasonOf } from './reason.ts';
import { UsageError } from './usage-error.ts';
import { readUserFile } from './user-file.ts';
import { quotedPath } from './visible.ts';

type Config = HuntResult['config'];

/** Of hours of a hunt. */
const BYTES_MAX = 2 ** 29;

/** A journal that is written to. */
export interface OpenJournal {
  readonly journal: Journal;
  readonly close: () => Promise<void>;
}

/**
 * Begins one.
 * @throws {UsageError} If there is something already, or nothing can be written.
 */
export async function beginJournal(text: string, cwd: string, config: Config): Promise<OpenJournal> {
  const path = await checkOutFile('--journal', text, { cwd });
  const named = quotedPath(text);
  const file = await opened('--journal', named, path, 'wx');
  const lines = appender(file, '--journal', named);
  const journal = new Journal(config, '', lines.append);
  await journal.begin(config);
  return { journal, close: lines.close };
}

/** What `--resume` goes on from. */
export interface Resumed {
  readonly config: Config;
  /** Opens it for a hunt like the one that wrote it; that of a larger size may go on from there. */
  readonly open: (config: Config) => Promise<OpenJournal>;
}

/**
 * Reads one.
 * @throws {UsageError} If the file is no journal.
 */
export async function readJournal(text: string, cwd: string): Promise<Resumed> {
  const named = quotedPath(text);
  const content = await readUserFile(text, { option: '--resume', cwd, bytesMax: BYTES_MAX });
  const fail = (error: unknown): never => {
    if (!(error instanceof JournalError)) throw error;
    throw new UsageError(`--resume: ${named}: ${error.message}`, { cause: error });
  };
  let config: Config;
  try {
    config = configIn(content);
  } catch (error) {
    return fail(error);
  }
  return {
    config,
    open: async (wanted) => {
      const path = resolve(cwd, text);
      // A line that was cut by a kill is written anew.
      const whole = content.slice(0, content.lastIndexOf('\n') + 1);
      const file = await opened('--resume', named, path, 'a');
      await file.truncate(Buffer.byteLength(whole));
      const lines = appender(file, '--resume', named);
      try {
        return { journal: new Journal(wanted, whole, lines.append), close: lines.close };
      } catch (error) {
        await lines.close();
        return fail(error);
      }
    },
  };
}

async function opened(
  option: string,
  named: string,
  path: string,
  flags: string,
): Promise<promises.FileHandle> {
  try {
    return await promises.open(path, flags);
  } catch (error) {
    const why =
      codeOf(error) === 'EEXIST'
        ? `${named} is there already; go on from it with --resume, or give another file`
        : `cannot write to ${named}: ${reasonOf(error)}`;
    throw new UsageError(`${option}: ${why}`, { cause: error });
  }
}

/** Adds one line after the other, whoever asks meanwhile. */
function appender(
  file: promises.FileHandle,
  option: string,
  named: string,
): { readonly append: (line: string) => Promise<void>; readonly close: () => Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  return {
    append: async (line) => {
      const write = async (): Promise<void> => {
        try {
          await file.appendFile(line);
        } catch (cause) {
          throw new HarnessError(
            'ERR_OUTPUT_FAILED',
            `${option}: cannot write to ${named}: ${reasonOf(cause)}`,
            {
              cause,
            },
          );
        }
      };
      last = last.then(write);
      // Whoever asks next hears of it as well.
      return last;
    },
    close: async () => {
      await last.catch(() => {});
      await file.close();
    },
  };
}
