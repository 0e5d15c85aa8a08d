import { JournalError } from './journal.ts';
import { linesOf } from './lines.ts';
import { headerIn, recordIn } from './parse-line.ts';
import type { BodyRecord, HeaderRecord, VerdictRecord } from './records.ts';

/** What a journal is, beside its records. */
export interface JournalRead {
  readonly header: HeaderRecord;
  /** Undefined where the command was cut. */
  readonly verdict: VerdictRecord | undefined;
  /** Bytes behind the last whole line: one that was cut. */
  readonly tornBytes: number;
  /** Bytes of the file up to where a command goes on: the end of its last record, the whole result and the verdict left out. */
  readonly endsAt: number;
  /** Of all that was read. */
  readonly bytes: number;
}

/**
 * Reads a journal from the beginning to the end, and hands over what it holds, in its order, the verdict left out.
 * @throws {JournalError} If it is none, or if anything but its last line is damaged: the message says where.
 */
export async function readJournal(
  pieces: AsyncIterable<Uint8Array>,
  {
    onHeader,
    onRecord,
  }: {
    readonly onHeader?: ((header: HeaderRecord) => void) | undefined;
    readonly onRecord?: ((record: BodyRecord) => void) | undefined;
  } = {},
): Promise<JournalRead> {
  let header: HeaderRecord | undefined;
  let verdict: VerdictRecord | undefined;
  let tornBytes = 0;
  let endsAt = 0;
  let bytes = 0;
  let isResult = false;
  for await (const line of linesOf(pieces, (torn) => (tornBytes = torn))) {
    bytes = line.endsAt;
    if (verdict !== undefined) throw new JournalError(`line ${line.number} is behind the verdict`);
    if (header === undefined) {
      header = headerIn(line);
      onHeader?.(header);
    } else {
      const record = recordIn(line);
      if (record.kind === 'verdict') {
        verdict = record;
        continue;
      }
      if (isResult) throw new JournalError(`line ${line.number} is behind the result`);
      taken(line.number, () => onRecord?.(record));
      isResult = record.kind === 'document';
    }
    if (!isResult) ({ endsAt } = line);
  }
  if (header === undefined) throw new JournalError('it has no whole line');
  return { header, verdict, tornBytes, endsAt, bytes: bytes + tornBytes };
}

/** What a record speaks of need not be there. */
function taken(number: number, take: () => void): void {
  try {
    take();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new JournalError(`line ${number}: ${cause.message}`, { cause });
  }
}
