import { cpusReport } from '../../report/cpus-report.ts';
import { elapsed, grouped } from '../../report/number.ts';
import type { CpusProgress } from '../../stress/cpus/cpus.ts';
import type { CpusResult } from '../../stress/cpus/cpus-result.ts';
import type { Arguments } from '../arguments.ts';
import { calledAs } from '../called.ts';
import type { Command } from '../command.ts';
import type { Engine } from '../engine.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { printSearched, searchedOut, searchJournal } from '../print-searched.ts';
import { StatusLine } from '../progress.ts';
import { OUTPUT, RUN_OPTIONS } from '../run-options.ts';

/** `ebtorture cpus`: the processors, how they lie, and what a round trip between each two of them takes. */
export const cpus: Command = {
  name: 'cpus',
  summary: 'Say how the processors lie, and measure the round trip of every pair',
  positionals: [],
  options: RUN_OPTIONS.filter(({ name, group }) => group === OUTPUT && name !== 'profile'),
  examples: [
    ['ebtorture cpus', 'what there is to place actors on'],
    ['ebtorture cpus --json > cpus.json', 'every pair'],
    ['taskset -c 0-3 ebtorture cpus', 'four of the processors'],
  ],
  epilogue: `The processors are those that this process may use. Round trips are those of
a word in memory that one thread writes and the other answers: twice a cache
line moves. All pairs of up to 64 processors are measured, of more some at each
distance.

Exit status:
  0 measured, 64 usage, 70 the result could not be saved,
  130 interrupted; what was measured is printed and saved`,
  run: async (args, { io, engine }) => {
    const out = await searchedOut(args, io, []);
    const called = calledAs(args, 'cpus', { options: cpus.options, seed: null });
    const journal = await searchJournal(out, { ...called, command: 'cpus' }, {});
    try {
      const result = await measured(args, io, engine);
      await printSearched(args, io, {
        report: (paint) => cpusReport(result, paint),
        document: result,
        verdict: { verdict: 'measured', isInterrupted: result.isInterrupted },
        journal,
      });
      return result.isInterrupted ? ExitStatus.Interrupted : ExitStatus.Ok;
    } finally {
      await journal?.close();
    }
  },
};

/** Measures, and says how far it is. */
async function measured(args: Arguments, io: Io, engine: Engine): Promise<CpusResult> {
  const interrupt = new AbortController();
  const disconnect = io.onInterrupt(() => interrupt.abort());
  const line = new StatusLine(io.stderr);
  const isShown = io.stderr.isTTY && !args.flag('quiet') && io.env['TERM'] !== 'dumb';
  try {
    return await engine.cpus({
      signal: interrupt.signal,
      onProgress: (progress) => {
        if (isShown) void line.replace(progressText(progress).slice(0, Math.max(io.stderr.columns - 1, 0)));
      },
    });
  } finally {
    await line.clear();
    disconnect();
  }
}

function progressText({ done, total, leftMs }: CpusProgress): string {
  const left = done === total ? '' : `, ${elapsed(leftMs)} left`;
  return `round trips: ${grouped(done)}/${grouped(total)} visits${left}`;
}
