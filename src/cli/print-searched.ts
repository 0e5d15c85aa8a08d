import type { Paint } from '../report/paint.ts';
import { jsonDocument } from '../report/json-document.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import type { SearchHeader, VerdictRecord } from '../study/journal/records.ts';
import type { Arguments } from './arguments.ts';
import type { Called } from './called.ts';
import type { Io } from './io.ts';
import { checkOutFile } from './out-file.ts';
import type { OutJournal } from './out-journal.ts';

/** What a search has found, and where it goes. */
interface Forms {
  readonly report: (paint: Paint) => string;
  readonly document: { readonly schema: string };
  readonly verdict: Omit<VerdictRecord, 'kind'>;
  /** What the search was put down in as it went; undefined for nothing. */
  readonly journal: OutJournal | undefined;
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
 * The journal of a search that finds its result at once, undefined without a path: its first line says what is searched, whatever becomes
 * of it. A disk without room for that is told of when the result has been printed.
 */
export async function searchJournal(
  path: string | undefined,
  called: Called & Pick<SearchHeader, 'command'>,
  config: SearchHeader['config'],
): Promise<OutJournal | undefined> {
  if (path === undefined) return undefined;
  const { OutJournal: New } = await import('./out-journal.ts');
  const { describeMachine } = await import('../stress/host/environment.ts');
  const journal = new New({ path, called });
  try {
    await journal.begin({ command: called.command, machine: await describeMachine(), config });
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
  }
  return journal;
}

/**
 * Prints a report on stdout; with `--json` the document there, and the report on stderr unless `--quiet`. Ends the journal.
 * @throws {HarnessError} If it cannot be saved: then the result has been printed.
 */
export async function printSearched(args: Arguments, io: Io, forms: Forms): Promise<void> {
  const { report, verdict, journal } = forms;
  const isJson = args.flag('json');
  const document = isJson ? await stated(forms.document) : forms.document;
  const failure = await journal?.finish(document, verdict);
  await journal?.close();
  const output = isJson ? io.stderr : io.stdout;
  if (!isJson || !args.flag('quiet')) await output.write(report(output.paint));
  if (isJson) await io.stdout.write(jsonDocument(document));
  if (failure !== undefined) throw failure;
}

/** With where it was found: of a search the result does not say it, and a journal does in its header. */
async function stated(document: Forms['document']): Promise<Forms['document']> {
  if ('environment' in document) return document;
  const { describeMachine } = await import('../stress/host/environment.ts');
  const found = { ...document, environment: await describeMachine() };
  return found;
}
