/** What `--resume` goes on from. */
import { type BodyRecord, type HeaderRecord, type VerdictRecord } from '../study/journal/records.ts';
import { JournalError } from '../study/journal/journal.ts';
import type { Arguments, ArgumentSpecs } from './arguments.ts';
import { UsageError } from './usage-error.ts';
import { piecesOfUserFile } from './user-file.ts';
import { quotedPath } from './visible.ts';

const OPTION = '--resume';

/** A journal that was read from its beginning to its end: no part of it is damaged. */
export interface ResumedJournal {
  readonly header: HeaderRecord;
  readonly verdict: VerdictRecord | undefined;
  /** Bytes up to where a command goes on. */
  readonly endsAt: number;
  /** All bytes that were read. */
  readonly bytes: number;
  /** What it holds, read once more. */
  readonly records: () => AsyncIterable<BodyRecord>;
  /** The error that says why a command does not go on from it. */
  readonly refused: (why: string) => UsageError;
  /** What should be known of it, in sentences. */
  readonly notices: readonly string[];
}

/**
 * Reads the journal of `--resume`.
 * @throws {UsageError} If it is none of this command.
 */
export async function readResumedJournal(
  text: string,
  { command, cwd }: { readonly command: string; readonly cwd: string },
): Promise<ResumedJournal> {
  const { readJournal } = await import('../study/journal/read-journal.ts');
  const refused = (why: string, cause?: unknown): UsageError =>
    new UsageError(`${OPTION}: ${quotedPath(text)}: ${why}`, { cause });
  const pieces = (): AsyncIterable<Uint8Array> => piecesOfUserFile(text, { option: OPTION, cwd });
  try {
    const { header, verdict, endsAt, tornBytes, bytes } = await readJournal(pieces());
    if (header.command !== command)
      throw new JournalError(`it is a journal of ${header.command}, not of ${command}`);
    return {
      header,
      verdict,
      endsAt,
      bytes,
      refused,
      records: () => recordsOf(pieces(), endsAt),
      notices: tornBytes === 0 ? [] : [tornNotice(quotedPath(text), tornBytes)],
    };
  } catch (error) {
    if (error instanceof JournalError) throw refused(error.message, error);
    throw error;
  }
}

/** What is said of a journal whose last line was cut. */
export function tornNotice(named: string, bytes: number): string {
  return `${named}: its last line was cut (${bytes} bytes), and is left out`;
}

async function* recordsOf(
  pieces: AsyncIterable<Uint8Array>,
  endsAt: number,
): AsyncGenerator<BodyRecord, void> {
  const { linesOf } = await import('../study/journal/lines.ts');
  const { recordIn } = await import('../study/journal/parse-line.ts');
  for await (const line of linesOf(pieces, () => {})) {
    if (line.number > 1 && line.endsAt <= endsAt) yield recordIn(line);
  }
}

/** Options that say where a result goes, and not what it is. */
const OF_OUTPUT = new Set(['out', 'json', 'quiet', 'resume', 'save-scenario']);

/** What a journal keeps of the arguments of a command, for those who go on from it. */
export function keptOptions(
  args: Arguments,
  { options }: Pick<ArgumentSpecs, 'options'>,
): HeaderRecord['options'] {
  const kept: Record<string, string | readonly string[] | true> = {};
  for (const { name, kind } of options) {
    if (OF_OUTPUT.has(name) || !args.isGiven(name)) continue;
    kept[name] = kind === 'flag' ? true : kind === 'list' ? args.list(name) : (args.text(name) ?? '');
  }
  return kept;
}

/** The arguments of a command that goes on: those that the journal was begun with, where nothing else is given. */
export function resumedArguments(
  args: Arguments,
  { header }: ResumedJournal,
  { options }: Pick<ArgumentSpecs, 'options'>,
): Arguments {
  const known = new Set(options.map(({ name }) => name));
  const before = Object.entries(header.options).filter(
    ([name]) => known.has(name) && !OF_OUTPUT.has(name) && !args.isGiven(name),
  );
  return args.with(Object.fromEntries(before));
}
