import type { Paint } from '../report/paint.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import type { Arguments } from './arguments.ts';
import type { Io } from './io.ts';
import { checkOutFile, saveOutFile } from './out-file.ts';

/** What a search has found, in both of its forms. */
interface Forms {
  readonly report: (paint: Paint) => string;
  readonly document: () => string;
  /** Absolute path to save the document at: see `searchedOut`. */
  readonly out: string | undefined;
}

/**
 * Where `--out` saves what a search finds; not in one of `inputs`, the files that the command reads.
 * @throws {UsageError} If nothing can be saved there.
 */
export async function searchedOut(
  args: Arguments,
  { cwd }: Io,
  inputs: readonly string[],
): Promise<string | undefined> {
  const text = args.text('out');
  return text === undefined ? undefined : checkOutFile('--out', text, { cwd, inputs });
}

/**
 * Prints a report on stdout; with `--json` the document there, and the report on stderr unless `--quiet`. Saves the document.
 * @throws {HarnessError} If it cannot be saved: then it has been printed.
 */
export async function printSearched(
  args: Arguments,
  io: Io,
  { report, document, out }: Forms,
): Promise<void> {
  const failure = out === undefined ? undefined : await saved(out, document());
  const isJson = args.flag('json');
  const output = isJson ? io.stderr : io.stdout;
  if (!isJson || !args.flag('quiet')) await output.write(report(output.paint));
  if (isJson) await io.stdout.write(document());
  if (failure !== undefined) throw failure;
}

async function saved(out: string, document: string): Promise<HarnessError | undefined> {
  try {
    await saveOutFile(out, document);
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
}
