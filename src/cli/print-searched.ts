import type { Paint } from '../report/paint.ts';
import type { Arguments } from './arguments.ts';
import type { Io } from './io.ts';

/** What a search has found, in both of its forms. */
interface Forms {
  readonly report: (paint: Paint) => string;
  readonly document: () => string;
}

/** Prints a report on stdout; with `--json` the document there, and the report on stderr unless `--quiet`. */
export async function printSearched(args: Arguments, io: Io, { report, document }: Forms): Promise<void> {
  const isJson = args.flag('json');
  const out = isJson ? io.stderr : io.stdout;
  if (!isJson || !args.flag('quiet')) await out.write(report(out.paint));
  if (isJson) await io.stdout.write(document());
}
