import { randomInt } from 'node:crypto';
import { scenarios } from '../../catalog/registry.ts';
import { mutatedDefault } from '../../catalog/run-defaults.ts';
import { splitMutant } from '../../fix/mutation/mutation.ts';
import { mutateReport } from '../../report/mutate-report.ts';
import { placesConfig } from '../../stress/plan/places-config.ts';
import { MUTATE_DEFAULTS, type MutateResult } from '../../study/mutate-result.ts';
import type { MutateOptions } from '../../study/mutate.ts';
import type { Arguments } from '../arguments.ts';
import { calledAs } from '../called.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { OutJournal, verdictOf } from '../out-journal.ts';
import { echoed, parseDuration, parseInteger, SEED } from '../parse.ts';
import { PLACES, placesArguments, placesOptions } from '../places-options.ts';
import { printSearched } from '../print-searched.ts';
import { StatusLine } from '../progress.ts';
import { orderingOption, RESUME, RUN_OPTIONS, SHARD, WHAT } from '../run-options.ts';
import { outputSettings, settingArgument, shardArgument } from '../run-settings.ts';
import { filesOf, givenScenario, parseStrategy, STRATEGY } from '../strategy-argument.ts';
import { orderingPart, ORDERINGS } from '../../memory/ordering.ts';
import { kernelIn } from '../../scenario/kernels.ts';
import { UsageError } from '../usage-error.ts';

const LIMITS = 'Limits:';
const SETTING = ['scenario', 'kernel', 'start', 'actors', 'pages'];

/** `ebtorture mutate`: which steps of a fix matter. */
export const mutate: Command = {
  name: 'mutate',
  summary: 'Change every step of a fix, one at a time, and see who notices',
  positionals: [],
  options: [
    { ...STRATEGY, defaultText: scenarios[0] === undefined ? 'the first fix' : mutatedDefault(scenarios[0]) },
    { name: 'model', kind: 'flag', group: WHAT, summary: 'All functions of the scenario as well' },
    ...RUN_OPTIONS.filter(({ name }) => SETTING.includes(name)),
    orderingOption(ORDERINGS),
    {
      name: 'time-per-mutant',
      kind: 'text',
      group: LIMITS,
      summary: 'On real threads, for each of up to three strides',
      defaultText: '1s',
    },
    ...placesOptions(LIMITS, '1'),
    { name: 'explore-only', kind: 'flag', group: LIMITS, summary: 'No real threads, no score' },
    { name: 'time-max', kind: 'text', group: LIMITS, summary: 'Of one search', defaultText: '20s' },
    {
      name: 'seed',
      kind: 'text',
      group: LIMITS,
      summary: 'Seed of the hardware runs',
      defaultText: 'random, always shown',
    },
    ...RUN_OPTIONS.filter(({ name }) => ['json', 'out', 'quiet'].includes(name)),
    SHARD,
    RESUME,
  ],
  examples: [
    ['ebtorture mutate --strategy upstream', 'which steps of the fix matter'],
    ['ebtorture mutate --strategy ./my-fix.mjs --ordering x86', 'its barriers, too'],
    ['ebtorture mutate --model --out m.jsonl', 'every step of the model'],
    ['ebtorture mutate --resume m.jsonl', 'go on where it stopped'],
    ["ebtorture stress --strategy 'upstream~set_io_pages/atomic_set.eb.io_pages/drop'", 'one of them alone'],
  ],
  epilogue: `Without --start, --actors and --pages, mutants are tried in a ladder of settings
of the scenario until one kills them.

With --ordering mutants also drop barriers and weaken ordered accesses; explore
alone judges them.

Exit status:
  0 every mutant (of the shard) decided, the strategy itself as declared,
  1 not as declared, 2 a limit ended some search, 64 usage, 70 the engines
  contradict each other, the harness or the strategy broke, or the result could
  not be saved, 130 interrupted`,
  isResumable: true,
  run: async (args, context) => {
    const { io, resumed } = context;
    const config = await configOf(args, io);
    const { out: path } = await outputSettings(args, context, filesOf([config.strategy]));
    const called = calledAs(args, 'mutate', { options: mutate.options, seed: config.seed });
    const end = new AbortController();
    // What cannot be put down any more is not worth running for.
    const onFailure = (): void => end.abort();
    const journal = path === undefined ? undefined : new OutJournal({ path, called, resumed, onFailure });
    try {
      const result = await mutated(args, io, { options: { config, journal }, end });
      await printSearched(args, io, {
        report: (paint) => mutateReport(result, paint),
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

/** Mutates, and says how far it is. */
async function mutated(
  args: Arguments,
  io: Io,
  { options, end }: { readonly options: MutateOptions; readonly end: AbortController },
): Promise<MutateResult> {
  const disconnect = io.onInterrupt(() => end.abort());
  const line = new StatusLine(io.stderr);
  const isShown = io.stderr.isTTY && !args.flag('quiet') && io.env['TERM'] !== 'dumb';
  const { mutate: run } = await import('../../study/mutate.ts');
  try {
    return await run({
      ...options,
      signal: end.signal,
      onProgress: ({ stage, done, total }) => {
        if (isShown) void line.replace(`${STAGES[stage]} ${done}/${total}`);
      },
    });
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && error.name === 'StrategyError')) {
      throw new UsageError(`mutate: ${error.message}`, { cause: error });
    }
    throw error;
  } finally {
    await line.clear();
    disconnect();
  }
}

const STAGES = { survey: 'settings', explore: 'explored', stress: 'on real threads' } as const;

async function configOf(args: Arguments, io: Io): Promise<MutateResult['config']> {
  const scenario = givenScenario(args);
  const strategy = parseStrategy('--strategy', args.text('strategy') ?? mutatedDefault(scenario), {
    cwd: io.cwd,
    scenario,
  });
  if (splitMutant(strategy) !== undefined) {
    throw new UsageError(`--strategy: ${echoed(strategy)} is a mutant already`);
  }
  const stressText = args.text('time-per-mutant');
  const exploreText = args.text('time-max');
  const seedText = args.text('seed');
  const ofThreads = ['time-per-mutant', ...PLACES].find((name) => args.text(name) !== undefined);
  if (args.flag('explore-only') && ofThreads !== undefined) {
    throw new UsageError(`--explore-only and --${ofThreads}: give only one of the two`);
  }
  const ladder = await ladderOf(args);
  const isOrdered = ladder[0]?.ordering !== undefined;
  if (isOrdered && ofThreads !== undefined) {
    throw new UsageError(
      `--ordering ${ladder[0]?.ordering ?? ''} and --${ofThreads}: mutants are judged by explore alone where stores wait`,
    );
  }
  const stressMs =
    stressText === undefined ? MUTATE_DEFAULTS.stressMs : parseDuration('--time-per-mutant', stressText);
  return {
    strategy,
    isModel: args.flag('model'),
    ladder,
    stressMs: args.flag('explore-only') || isOrdered ? 0 : stressMs,
    exploreMs:
      exploreText === undefined ? MUTATE_DEFAULTS.exploreMs : parseDuration('--time-max', exploreText),
    seed: seedText === undefined ? randomInt(SEED.max + 1) : parseInteger('--seed', seedText, SEED),
    ...shardArgument(args),
    ...placesConfig(placesArguments(args)),
  };
}

/** One setting if any part of it is given, else the ladder. */
async function ladderOf(args: Arguments): Promise<MutateResult['config']['ladder']> {
  const given = SETTING.filter((name) => args.text(name) !== undefined);
  if (given.every((name) => name === 'scenario')) {
    const { ladderOf: ladderOfScenario } = await import('../../study/mutate-ladder.ts');
    const { scenario, ordering } = settingArgument(args);
    const { rungs } = ladderOfScenario(scenario);
    return ordering === 'sc' ? rungs : rungs.map((rung) => Object.assign({}, rung, orderingPart(ordering)));
  }
  const { namesOfSetting } = await import('../../catalog/named-setting.ts');
  const setting = settingArgument(args);
  return [{ ...namesOfSetting(setting), ...kernelIn(setting.scenario), readsFail: false }];
}

function statusOf({ verdict, isInterrupted }: MutateResult): number {
  if (verdict === 'contradicted') return ExitStatus.Fault;
  if (isInterrupted) return ExitStatus.Interrupted;
  if (verdict === 'not-as-declared') return ExitStatus.Violated;
  return verdict === 'undecided' ? ExitStatus.Inconclusive : ExitStatus.Ok;
}
