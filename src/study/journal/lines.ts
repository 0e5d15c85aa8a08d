/** The lines of a file that is read piece by piece. */
import { JournalError } from './journal.ts';

/** Longer than any line that is written. */
const LINE_BYTES_MAX = 8 * 2 ** 20;
const NEWLINE = 0x0a;

/** A whole line. */
export interface Line {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
  /** Bytes of the file up to its end. */
  readonly endsAt: number;
}

/**
 * Every line that has an end; `onTorn` is told how many bytes there are behind the last one, if any.
 * @throws {JournalError} If one is longer than any can be, or is no text.
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  onTorn: (bytes: number) => void,
): AsyncGenerator<Line, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 1;
  let endsAt = 0;
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
      const end = piece.subarray(from, at);
      requireShort(restBytes + end.length, number);
      const bytes = rest.length === 0 ? end : Buffer.concat([...rest, end]);
      endsAt += bytes.length + 1;
      yield { text: textOf(decoder, bytes, number), number, endsAt };
      [rest, restBytes] = [[], 0];
      number++;
      from = at + 1;
    }
    rest.push(piece.subarray(from));
    restBytes += piece.length - from;
    requireShort(restBytes, number);
  }
  if (restBytes > 0) onTorn(restBytes);
}

function requireShort(bytes: number, number: number): void {
  if (bytes > LINE_BYTES_MAX) {
    throw new JournalError(
      `line ${number} is longer than any that is written (${LINE_BYTES_MAX / 2 ** 20} MiB)`,
    );
  }
}

function textOf(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, number: number): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new JournalError(`line ${number} is no text`, { cause });
  }
}
