import { kernelTables } from '../../catalog/kernel-tables.ts';
import { driftReport } from '../../report/drift-report.ts';
import { jsonDocument } from '../../report/json-document.ts';
import { driftOf, filesOf, readKernels } from '../../study/drift/drift.ts';
import type { DriftResult } from '../../study/drift/drift-result.ts';
import { SourceTreeError } from '../../study/drift/source-tree.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { parseName } from '../parse.ts';
import { OUTPUT, WHAT } from '../run-options.ts';
import { readSourceTree } from '../source-tree.ts';
import { UsageError } from '../usage-error.ts';

const KERNELS = readKernels(kernelTables).map(({ kernel }) => kernel);

/** `ebtorture drift`: which kernel functions the models rest on, and which have changed since they were read. */
export const drift: Command = {
  name: 'drift',
  summary: 'Say which modelled kernel functions have changed since they were read',
  positionals: [],
  options: [
    {
      name: 'source',
      kind: 'text',
      group: WHAT,
      summary: 'Root of a kernel source tree to be compared; without, list what was read',
    },
    {
      name: 'kernel',
      kind: 'text',
      group: WHAT,
      summary: `One of ${KERNELS.join(', ')}`,
      defaultText: 'nearest to the version of the tree; without one, all',
    },
    { name: 'json', kind: 'flag', group: OUTPUT, summary: 'One JSON document on stdout' },
  ],
  examples: [
    ['ebtorture drift --kernel 7.3', 'what the model takes from which function'],
    ['ebtorture drift --source ~/linux', 'which of them that tree has otherwise'],
  ],
  epilogue: `A function is known by a hash of its text, comments and blanks left out. One
that changed is to be read again: that the model is behind no hash can tell.

Exit status:
  0 listed, or all as read, 1 something changed, moved or is gone, 64 usage`,
  run: async (args, { io }) => {
    const result = await resultOf(args, io);
    await io.stdout.write(args.flag('json') ? jsonDocument(result) : driftReport(result, io.stdout.paint));
    return result.verdict === 'drifted' ? ExitStatus.Violated : ExitStatus.Ok;
  },
};

async function resultOf(args: Arguments, { cwd }: Io): Promise<DriftResult> {
  const named = args.text('kernel');
  const kernel =
    named === undefined ? undefined : parseName('--kernel', named, { kind: 'kernel', known: KERNELS });
  const path = args.text('source');
  const tree =
    path === undefined
      ? undefined
      : await readSourceTree(path, { option: '--source', cwd, files: filesOf(kernelTables) });
  try {
    return driftOf(kernelTables, { kernel, tree });
  } catch (error) {
    if (error instanceof SourceTreeError)
      throw new UsageError(`--source: ${error.message}`, { cause: error });
    throw error;
  }
}
