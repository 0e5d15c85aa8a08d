import { randomInt } from 'node:crypto';
import { generations, scenarios } from '../../catalog/registry.ts';
import { historyReport } from '../../report/history-report.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { HistoryOptions } from '../../study/history.ts';
import type { HistoryResult } from '../../study/history-result.ts';
import type { Arguments } from '../arguments.ts';
import { calledAs } from '../called.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { parseDuration, parseInteger, parseList, SEED } from '../parse.ts';
import { PLACES, placesArguments, placesOptions } from '../places-options.ts';
import { OutJournal, verdictOf } from '../out-journal.ts';
import { printSearched } from '../print-searched.ts';
import { StatusLine } from '../progress.ts';
import { RESUME, RUN_OPTIONS, WHAT } from '../run-options.ts';
import { outputSettings } from '../run-settings.ts';
import { filesOf, givenScenario, parseStrategy } from '../strategy-argument.ts';
import { UsageError } from '../usage-error.ts';

const LIMITS = 'Limits:';
const DURATION_DEFAULT = '1m';
const STATUS: Readonly<Record<HistoryResult['verdict'], number>> = {
  'as-declared': ExitStatus.Ok,
  'not-as-declared': ExitStatus.Violated,
  undecided: ExitStatus.Inconclusive,
};

/** `ebtorture history`: what the kernel once got wrong, replayed. */
export const history: Command = {
  name: 'history',
  summary: 'Replay the races that the kernel had, each before and after its mend',
  positionals: [],
  options: [
    {
      name: 'matrix',
      kind: 'flag',
      group: WHAT,
      summary: 'Try every fix in every race of its kernels as well',
    },
    {
      name: 'strategies',
      kind: 'list',
      group: WHAT,
      summary: 'Try these in every race: names, or paths of modules such as ./my-fix.mjs',
    },
    { name: 'hardware', kind: 'flag', group: WHAT, summary: 'Play each race on threads, too' },
    { name: 'agree', kind: 'flag', group: WHAT, summary: 'And look for all that threads show in explore' },
    {
      name: 'duration',
      kind: 'text',
      group: LIMITS,
      summary: 'On threads, all races together',
      defaultText: DURATION_DEFAULT,
    },
    ...placesOptions(LIMITS),
    { name: 'time-max', kind: 'text', group: LIMITS, summary: 'Of one search', defaultText: '30s' },
    {
      name: 'seed',
      kind: 'text',
      group: LIMITS,
      summary: 'Seed of the runs on threads',
      defaultText: 'random, always shown',
    },
    ...RUN_OPTIONS.filter(({ name }) => ['json', 'out', 'quiet'].includes(name)),
    RESUME,
  ],
  examples: [
    ['ebtorture history', 'every race, before and after'],
    ['ebtorture history --matrix', 'which fix opens what'],
    ['ebtorture history --strategies ./my-fix.mjs', 'a fix of your own in every race'],
    ['ebtorture history --hardware --duration 5m', 'on threads as well'],
    ['ebtorture history --resume h.jsonl', 'go on where it stopped'],
  ],
  epilogue: `Verdicts come from searches of every schedule. On threads a race that stays
silent at its natural rate is tried once more with actors held in its window.

Exit status:
  0 every race as its commit says, 1 not so, 2 a limit ended some search,
  64 usage, 70 the engines disagree, the harness broke, or the result could not
  be saved, 130 interrupted`,
  isResumable: true,
  run: async (args, context) => {
    const { io, resumed } = context;
    const options = optionsOf(args, io);
    const { out: path } = await outputSettings(args, context, filesOf(options.matrix ?? []));
    const called = calledAs(args, 'history', { options: history.options, seed: options.seed });
    const end = new AbortController();
    // What cannot be put down any more is not worth searching for.
    const onFailure = (): void => end.abort();
    const journal = path === undefined ? undefined : new OutJournal({ path, called, resumed, onFailure });
    try {
      const result = await replayed(args, io, { options: { ...options, journal }, end });
      await printSearched(args, io, {
        report: (paint) => historyReport(result, paint),
        document: result,
        verdict: verdictOf(result),
        journal,
      });
      return statusOf(result);
    } finally {
      await journal?.close();
    }
  },
};

/** Replays, and says how far it is. */
async function replayed(
  args: Arguments,
  io: Io,
  { options, end }: { readonly options: HistoryOptions; readonly end: AbortController },
): Promise<HistoryResult> {
  const disconnect = io.onInterrupt(() => end.abort());
  const line = new StatusLine(io.stderr);
  const isShown = io.stderr.isTTY && !args.flag('quiet') && io.env['TERM'] !== 'dumb';
  const { history: run } = await import('../../study/history.ts');
  try {
    return await run({
      ...options,
      signal: end.signal,
      onProgress: ({ stage, done, total }) => {
        if (isShown) void line.replace(`${stage === 'explore' ? 'searches' : 'on threads'} ${done}/${total}`);
      },
    });
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && error.name === 'StrategyError'))
      throw new UsageError(`history: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await line.clear();
    disconnect();
  }
}

function optionsOf(args: Arguments, { cwd }: Io): HistoryOptions {
  const hasHardware = args.flag('hardware');
  const duration = args.text('duration');
  const ofThreads = ['duration', ...PLACES].find((name) => args.text(name) !== undefined);
  if (!hasHardware && (ofThreads !== undefined || args.flag('agree')))
    throw new UsageError(`--${ofThreads ?? 'agree'}: is of --hardware; give that as well`);
  const timeMax = args.text('time-max') ?? '30s';
  const seed = args.text('seed');
  return {
    exploreMs: parseDuration('--time-max', timeMax),
    hardwareMs: hasHardware ? parseDuration('--duration', duration ?? DURATION_DEFAULT) : undefined,
    seed: seed === undefined ? randomInt(SEED.max + 1) : parseInteger('--seed', seed, SEED),
    agrees: args.flag('agree'),
    ...placesArguments(args),
    matrix: matrixOf(args, cwd),
  };
}

function matrixOf(args: Arguments, cwd: string): readonly string[] | undefined {
  const texts = args.list('strategies');
  if (texts.length === 0 && !args.flag('matrix')) return undefined;
  const given = parseList('--strategies', texts, 'upstream,./my-fix.mjs').map((text) =>
    parseStrategy('--strategies', text, { cwd, scenario: scenarioWith(text) ?? givenScenario(args) }),
  );
  const fixes = args.flag('matrix') ? generations.flatMap((generation) => generation.fixes) : [];
  return [...new Set([...fixes, ...given])];
}

/** The first scenario whose subject has a strategy. */
function scenarioWith(strategy: string): Scenario | undefined {
  return scenarios.find(({ subject }) => subject.strategies.some(({ name }) => name === strategy));
}

function statusOf({ verdict, isInterrupted, rows }: HistoryResult): number {
  if (rows.some(({ hardware }) => hardware?.verdict === 'disagrees')) return ExitStatus.Fault;
  return isInterrupted ? ExitStatus.Interrupted : STATUS[verdict];
}
