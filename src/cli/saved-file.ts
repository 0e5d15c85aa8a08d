/** Files that `--out` or `--json` have saved: journals, and documents. */
import type { SavedDocument } from '../report/saved/saved-result.ts';
import type { Machine } from '../stress/host/machine-facts.ts';
import { JournalError } from '../study/journal/journal.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import type { Rebuilding } from '../study/journal/rebuilt.ts';
import { tornNotice } from './resumed-journal.ts';
import { UsageError } from './usage-error.ts';
import { beginningOfUserFile, piecesOfUserFile, readUserFile } from './user-file.ts';
import { quotedPath } from './visible.ts';

/** A run of a week has a document of 43 MB; what is larger takes memory that it need not be given. */
const DOCUMENT_BYTES_MAX = 64 * 2 ** 20;

/** What a file holds. */
export interface SavedFile extends SavedDocument {
  /** What should be known of the file, in sentences. */
  readonly notices: readonly string[];
}

/**
 * The result in a file.
 * @throws {UsageError} If it is no whole result, or no journal.
 * @throws {HarnessError} If its figures contradict each other.
 */
export async function readSavedFile(
  text: string,
  where: { readonly option: string; readonly cwd: string },
): Promise<SavedFile> {
  const { option } = where;
  const { checkedDocument, InconsistentResultError, parseSaved, SavedResultError } =
    await import('../report/saved/saved-result.ts');
  const { JOURNAL_BEGINS } = await import('../study/journal/parse-line.ts');
  try {
    const beginning = await beginningOfUserFile(text, where, JOURNAL_BEGINS.length);
    if (beginning !== JOURNAL_BEGINS)
      return {
        ...parseSaved(await readUserFile(text, { ...where, bytesMax: DOCUMENT_BYTES_MAX })),
        notices: [],
      };
    const { document, ...journal } = await readWhole(text, where);
    return { ...checkedDocument(document), ...journal };
  } catch (error) {
    if (error instanceof SavedResultError || error instanceof JournalError) {
      throw new UsageError(`${option}: ${quotedPath(text)}: ${error.message}`, { cause: error });
    }
    if (error instanceof InconsistentResultError) {
      throw new HarnessError('ERR_INCONSISTENT', `${option}: ${quotedPath(text)} ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** The result of a journal, whole or cut. */
async function readWhole(
  text: string,
  where: { readonly option: string; readonly cwd: string },
): Promise<{ readonly document: object; readonly notices: readonly string[] }> {
  const { readJournal } = await import('../study/journal/read-journal.ts');
  const { rebuilding } = await import('../study/journal/rebuilt.ts');
  let rebuilt: Rebuilding | undefined;
  let machine: Machine | undefined;
  const { verdict, tornBytes } = await readJournal(piecesOfUserFile(text, where), {
    onHeader: (header) => {
      ({ machine } = header);
      rebuilt = rebuilding(header);
    },
    onRecord: (record) => rebuilt?.add(record),
  });
  const document = rebuilt?.result(verdict?.isInterrupted ?? true) ?? {};
  const named = quotedPath(text);
  const found: unknown = 'verdict' in document ? document.verdict : verdict?.verdict;
  if (verdict !== undefined && found !== verdict.verdict) {
    const { InconsistentResultError } = await import('../report/saved/saved-result.ts');
    throw new InconsistentResultError(
      `contradicts itself: its verdict is ${verdict.verdict}, and what it holds comes to ${String(found)}`,
    );
  }
  return {
    // Of a search the header alone says where it was made.
    document: 'environment' in document ? document : { ...document, environment: machine },
    notices: [
      ...(tornBytes === 0 ? [] : [tornNotice(named, tornBytes)]),
      ...(verdict === undefined ? [`${named}: it was cut before its end; --resume goes on from it`] : []),
    ],
  };
}
