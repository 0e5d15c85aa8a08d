/** Journals that are to be added up. */
import { JournalError } from '../study/journal/journal.ts';
import type { BodyRecord } from '../study/journal/records.ts';
import type { Part } from '../study/merge/part.ts';
import { tornNotice } from './resumed-journal.ts';
import { UsageError } from './usage-error.ts';
import { beginningOfUserFile, piecesOfUserFile } from './user-file.ts';
import { quotedPath } from './visible.ts';

/** A journal, and what should be known of it, in sentences. */
interface MergePart {
  readonly part: Part;
  readonly notices: readonly string[];
}

/**
 * Reads one.
 * @throws {UsageError} If it is none, or if anything but its last line is damaged.
 */
export async function readMergePart(text: string, cwd: string): Promise<MergePart> {
  const named = quotedPath(text);
  const where = { option: 'merge', cwd };
  const { JOURNAL_BEGINS } = await import('../study/journal/parse-line.ts');
  const { readJournal } = await import('../study/journal/read-journal.ts');
  const beginning = await beginningOfUserFile(text, where, JOURNAL_BEGINS.length);
  if (beginning !== JOURNAL_BEGINS)
    throw new UsageError(`merge: ${named}: it is no journal; give what --out has kept, not a document`);
  const records: BodyRecord[] = [];
  try {
    const { header, verdict, tornBytes } = await readJournal(piecesOfUserFile(text, where), {
      onRecord: (record) => {
        records.push(record);
      },
    });
    return {
      part: { named, header, records, verdict },
      notices: [
        ...(tornBytes === 0 ? [] : [tornNotice(named, tornBytes)]),
        ...(verdict === undefined
          ? [`${named}: it is not whole: it was cut before its end; --resume goes on from it`]
          : verdict.isInterrupted
            ? [`${named}: it is not whole: it was interrupted; --resume goes on from it`]
            : []),
      ],
    };
  } catch (error) {
    if (error instanceof JournalError)
      throw new UsageError(`merge: ${named}: ${error.message}`, { cause: error });
    throw error;
  }
}
