import type { DiffInput } from '../../study/diff/diff.ts';
import type { DiffResult } from '../../study/diff/diff-result.ts';
import type { Arguments } from '../arguments.ts';
import { calledAs } from '../called.ts';
import type { Command } from '../command.ts';
import { diffStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { echoed } from '../parse.ts';
import { printSearched, searchedOut, searchJournal } from '../print-searched.ts';
import { readRendered } from '../saved-result.ts';
import { OUTPUT, RUN_OPTIONS } from '../run-options.ts';
import { UsageError } from '../usage-error.ts';
import { quotedPath } from '../visible.ts';

/** Of a rate or a time: as much as `bench:compare` has to exclude before it says "no change". */
const MARGIN = 0.1;

/** It has no progress to show. */
const OUTPUTS = new Set(['json', 'out', 'quiet']);

/** `ebtorture diff`: two saved results against each other. */
export const diff: Command = {
  name: 'diff',
  summary: 'Say whether two saved results differ: of two machines, Node versions, commits, kernels',
  positionals: [
    { name: 'a', summary: 'Journal of --out, or document of --json' },
    { name: 'b', summary: 'Another one of the same command' },
  ],
  options: [
    {
      name: 'margin',
      kind: 'text',
      group: OUTPUT,
      summary: 'Share by which figures may differ and still count as the same',
      defaultText: String(MARGIN),
    },
    ...RUN_OPTIONS.filter(({ name }) => OUTPUTS.has(name)),
  ],
  examples: [
    ['ebtorture diff node20.json node24.json', 'did Node make a difference?'],
    ['ebtorture diff old.json new.json --margin 0.25', 'a quarter is no difference'],
    ['ebtorture report old.json new.json --html both.html', 'the two side by side'],
  ],
  epilogue: `A figure is the same if its whole interval is within the margin, different if
it differs beyond chance over all figures compared (Holm, 95 %), and else not
told. A verdict that has changed is a difference whatever rates say.

Exit status:
  0 the same, 1 different, 2 not told, 64 usage, or two results that answer no
  common question, 70 the result could not be saved`,
  run: async (args, { io }) => {
    const margin = marginOf(args);
    const { files, out } = await filesOf(args, io);
    const result = await compared(files, margin, io);
    const called = calledAs(args, 'diff', { options: diff.options, seed: null });
    const { diffReport } = await import('../../report/diff-report.ts');
    await printSearched(args, io, {
      report: (paint) => diffReport(result, paint),
      document: result,
      verdict: { verdict: result.verdict, isInterrupted: false },
      journal: await searchJournal(out, { ...called, command: 'diff' }, { files, margin }),
    });
    return diffStatus(result);
  },
};

function marginOf(args: Arguments): number {
  const text = args.text('margin');
  if (text === undefined) return MARGIN;
  const margin = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  // Nothing is ever measured to be equal.
  if (margin > 0 && margin <= 1) return margin;
  throw new UsageError(`--margin: expected a share above 0, up to 1, such as 0.1, got ${echoed(text)}`);
}

async function filesOf(
  args: Arguments,
  io: Io,
): Promise<{ readonly files: readonly [string, string]; readonly out: string | undefined }> {
  const [a, b] = [args.text('a'), args.text('b')];
  if (a === undefined || b === undefined) {
    throw new UsageError('diff: expected two files that --out has saved, such as old.json new.json');
  }
  return { files: [a, b], out: await searchedOut(args, io, [a, b]) };
}

async function compared([a, b]: readonly [string, string], margin: number, io: Io): Promise<DiffResult> {
  const { diffResults } = await import('../../study/diff/diff.ts');
  const { IncomparableError } = await import('../../study/diff/differences.ts');
  const [before, after] = [await inputOf(a, io), await inputOf(b, io)];
  try {
    return diffResults(before, after, { margin });
  } catch (error) {
    if (!(error instanceof IncomparableError)) throw error;
    throw new UsageError(`diff: ${quotedPath(a)} and ${quotedPath(b)}: ${error.message}`, { cause: error });
  }
}

async function inputOf(file: string, io: Io): Promise<DiffInput> {
  const { visible } = await import('../../report/visible.ts');
  const { saved } = await readRendered(file, { option: 'diff', io });
  return { ...saved, file: visible(file) };
}
