import { huntReport } from '../../report/hunt-report.ts';
import { jsonDocument } from '../../report/json-document.ts';
import { contradictionsIn, mergeReport } from '../../report/merge-report.ts';
import { mutateReport } from '../../report/mutate-report.ts';
import type { MergedResult } from '../../study/merge/merge.ts';
import type { Part } from '../../study/merge/part.ts';
import type { Paint } from '../../report/paint.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { readMergePart } from '../merge-part.ts';
import { checkOutFile, saveOutFile } from '../out-file.ts';
import { OUTPUT } from '../run-options.ts';
import { UsageError } from '../usage-error.ts';

const STATUS: Readonly<Record<MergedResult['verdict'], number>> = {
  'as-declared': ExitStatus.Ok,
  clean: ExitStatus.Ok,
  complete: ExitStatus.Ok,
  'not-as-declared': ExitStatus.Violated,
  violated: ExitStatus.Violated,
  found: ExitStatus.Violated,
  inconclusive: ExitStatus.Inconclusive,
  bounded: ExitStatus.Inconclusive,
  undecided: ExitStatus.Inconclusive,
  part: ExitStatus.Inconclusive,
  contradicted: ExitStatus.Fault,
};

/** `ebtorture merge`: runs and shards of one work, added up. */
export const merge: Command = {
  name: 'merge',
  summary: 'Add up journals of one work: shards, and runs on several machines',
  positionals: [{ name: 'files', summary: 'Journals of --out, two at least', isList: true }],
  options: [
    { name: 'out', kind: 'text', group: OUTPUT, summary: 'Save the result, for report' },
    {
      name: 'json',
      kind: 'flag',
      group: OUTPUT,
      summary: 'One JSON document on stdout, the report on stderr',
    },
    { name: 'quiet', kind: 'flag', group: OUTPUT, summary: 'No notices, and no report beside --json' },
  ],
  examples: [
    ['ebtorture compare --seed 7 --shard 1/2 --out 1.jsonl', 'one half of a work'],
    ['ebtorture compare --seed 7 --shard 2/2 --out 2.jsonl', 'the other, perhaps elsewhere'],
    ['ebtorture merge 1.jsonl 2.jsonl --out both.json', 'and both of them'],
    ['ebtorture report both.json --html both.html', 'as any other result'],
  ],
  epilogue: `Takes journals of compare, stress, hunt and mutate that were asked for the same.
Runs on one machine are taken as one run with the starts of all of them; rates
of several machines are never pooled: each has its own, and a verdict holds
where it holds on each of them. Shards of hunt and of mutate come to what one
run comes to. A journal that was cut is taken as far as it goes, with a notice;
of hunt and mutate the verdict is then open, as it is where a shard is missing.

Exit status:
  0 as declared, clean, or complete, 1 violated, found, or not as declared,
  2 inconclusive, bounded, or a shard is missing or was cut, 64 usage, or files
  that are not of one work, 70 the engines contradict each other, or the result
  could not be saved`,
  run: async (args, { io }) => {
    const files = args.list('files');
    if (files.length < 2) {
      throw new UsageError(
        `merge: expected two journals at least that --out has kept, such as 1.jsonl 2.jsonl, got ${files.length === 0 ? 'none' : 'one'}`,
      );
    }
    const text = args.text('out');
    const path =
      text === undefined ? undefined : await checkOutFile('--out', text, { cwd: io.cwd, inputs: files });
    const result = await mergedFiles(files, args, io);
    await print(result, args, io);
    if (path !== undefined) await saveOutFile(path, jsonDocument(result));
    return statusOf(result);
  },
};

async function mergedFiles(files: readonly string[], args: Arguments, io: Io): Promise<MergedResult> {
  const parts: Part[] = [];
  for (const file of files) {
    const { part, notices } = await readMergePart(file, io.cwd);
    parts.push(part);
    for (const notice of args.flag('quiet') ? [] : notices) await io.stderr.write(`ebtorture: ${notice}\n`);
  }
  const { merged } = await import('../../study/merge/merge.ts');
  const { MergeError } = await import('../../study/merge/merge-error.ts');
  try {
    return await merged(parts);
  } catch (error) {
    if (error instanceof MergeError) throw new UsageError(`merge: ${error.message}`, { cause: error });
    throw error;
  }
}

async function print(result: MergedResult, args: Arguments, io: Io): Promise<void> {
  const isJson = args.flag('json');
  const output = isJson ? io.stderr : io.stdout;
  if (!isJson || !args.flag('quiet')) await output.write(reportOf(result, output.paint));
  if (isJson) await io.stdout.write(jsonDocument(result));
}

function reportOf(result: MergedResult, paint: Paint): string {
  switch (result.schema) {
    case 'ebtorture.merge/1':
      return mergeReport(result, paint);
    case 'ebtorture.hunt/1':
      return huntReport(result, paint);
    case 'ebtorture.mutate/1':
      return mutateReport(result, paint);
  }
}

/** What is not whole is not as well as it could be, however good it looks. */
function statusOf(result: MergedResult): number {
  if (result.schema === 'ebtorture.merge/1' && contradictionsIn(result).length > 0) return ExitStatus.Fault;
  const status = STATUS[result.verdict];
  return result.isInterrupted && status === ExitStatus.Ok ? ExitStatus.Inconclusive : status;
}
