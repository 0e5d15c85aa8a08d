import type { Rendered } from '../../report/saved/rendered.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { checkOutFile, saveOutFile } from '../out-file.ts';
import { OUTPUT } from '../run-options.ts';
import { readRendered } from '../saved-result.ts';
import { UsageError } from '../usage-error.ts';
import { quotedPath } from '../visible.ts';

const FORMATS = ['html', 'junit'] as const;

/** `ebtorture report`: results that were saved, once more, and as files for others. */
export const report: Command = {
  name: 'report',
  summary: 'Show saved results again, or make one HTML or JUnit file of them',
  positionals: [{ name: 'files', summary: 'Journals of --out, or documents of --json', isList: true }],
  options: [
    { name: 'html', kind: 'text', group: OUTPUT, summary: 'Save one HTML file that needs no network' },
    { name: 'junit', kind: 'text', group: OUTPUT, summary: 'Save JUnit XML, for CI systems' },
  ],
  examples: [
    ['ebtorture compare --out run.json', 'a result to begin with'],
    ['ebtorture report run.json', 'its text, byte for byte'],
    ['ebtorture report *.json --html all.html', 'several on one page'],
  ],
  epilogue: `In JUnit a failure is what violated against its declaration, an error what
shows nothing.

Exit status:
  0 rendered, whatever the results say, 64 usage or a file that is no whole
  result, 70 a file could not be saved`,
  run: async (args, { io }) => {
    const results = await resultsOf(args, io);
    const targets = await targetsOf(args, io.cwd);
    if (targets.length === 0) {
      await io.stdout.write(results.map(({ text }) => text).join('\n'));
      return ExitStatus.Ok;
    }
    const documentOf = { html: pageOf, junit: junitOf };
    for (const { format, path } of targets) {
      await saveOutFile(path, await documentOf[format](results), { option: `--${format}` });
    }
    return ExitStatus.Ok;
  },
};

async function pageOf(results: readonly Rendered[]): Promise<string> {
  const { htmlPage } = await import('../../report/page/page.ts');
  const { replaysWanted } = await import('../../report/page/replays.ts');
  const { playedFor } = await import('../replays.ts');
  return htmlPage(results, await playedFor(replaysWanted(results)));
}

async function junitOf(results: readonly Rendered[]): Promise<string> {
  const { junitXml } = await import('../../report/saved/junit.ts');
  return junitXml(results);
}

async function resultsOf(args: Arguments, io: Io): Promise<Rendered[]> {
  const files = args.list('files');
  if (files.length === 0) {
    throw new UsageError('report: expected files that --out has saved, such as run.json');
  }
  const results: Rendered[] = [];
  for (const file of files) results.push(await readRendered(file, { option: 'report', io }));
  return results;
}

interface Target {
  readonly format: (typeof FORMATS)[number];
  readonly path: string;
}

/** The files to save, both known to be possible before either is written. */
async function targetsOf(args: Arguments, cwd: string): Promise<Target[]> {
  const targets: Target[] = [];
  for (const format of FORMATS) {
    const text = args.text(format);
    if (text === undefined) continue;
    const path = await checkOutFile(`--${format}`, text, { cwd, inputs: args.list('files') });
    if (targets.some((other) => other.path === path)) {
      throw new UsageError(`--html and --junit: both would be saved in ${quotedPath(text)}`);
    }
    targets.push({ format, path });
  }
  return targets;
}
