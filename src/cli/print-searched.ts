import type { Paint } from '../report/paint.ts';
import { jsonDocument } from '../report/json-document.ts';
import type { HarnessError } from '../stress/plan/harness-error.ts';
import type { VerdictRecord } from '../study/journal/records.ts';
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

/** What a search has found that puts nothing down before, and where it goes. */
interface WholeForms extends Omit<Forms, 'journal'> {
  /** Absolute path to save a journal at: see `searchedOut`. */
  readonly out: string | undefined;
  readonly called: Called;
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
 * Prints a report on stdout; with `--json` the document there, and the report on stderr unless `--quiet`. Ends the journal.
 * @throws {HarnessError} If it cannot be saved: then the result has been printed.
 */
export async function printSearched(args: Arguments, io: Io, forms: Forms | WholeForms): Promise<void> {
  const { report } = forms;
  const isJson = args.flag('json');
  const document = isJson ? await stated(forms.document) : forms.document;
  const failure = await saved({ ...forms, document });
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

async function saved({ document, verdict, ...forms }: Forms | WholeForms): Promise<HarnessError | undefined> {
  const journal = await journalOf(forms);
  try {
    return await journal?.finish(document, verdict);
  } finally {
    await journal?.close();
  }
}

async function journalOf(
  forms: Pick<Forms, 'journal'> | Pick<WholeForms, 'out' | 'called'>,
): Promise<OutJournal | undefined> {
  if ('journal' in forms) return forms.journal;
  if (forms.out === undefined) return undefined;
  // Not before: a small search is over sooner than this is loaded.
  const { OutJournal: New } = await import('./out-journal.ts');
  return new New({ path: forms.out, called: forms.called });
}
