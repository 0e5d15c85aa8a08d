import { randomInt } from 'node:crypto';
import { scenarios } from '../../catalog/registry.ts';
import { mutatedDefault } from '../../catalog/run-defaults.ts';
import { splitMutant } from '../../fix/mutation/mutation.ts';
import { jsonDocument } from '../../report/json-document.ts';
import { mutateReport } from '../../report/mutate-report.ts';
import { placesConfig } from '../../stress/plan/places-config.ts';
import { MUTATE_DEFAULTS, type MutateResult } from '../../study/mutate-result.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { readResumed } from '../mutate-resume.ts';
import { checkOutFile, saveOutFile } from '../out-file.ts';
import { echoed, parseDuration, parseInteger, SEED } from '../parse.ts';
import { PLACES, placesArguments, placesOptions } from '../places-options.ts';
import { StatusLine } from '../progress.ts';
import { OUTPUT, RUN_OPTIONS, WHAT } from '../run-options.ts';
import { settingArgument } from '../run-settings.ts';
import { loadScenarioArgument } from '../scenario-argument.ts';
import { filesOf, givenScenario, parseStrategy, STRATEGY } from '../strategy-argument.ts';
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
    ...RUN_OPTIONS.filter(({ name }) => name === 'json' || name === 'quiet'),
    { name: 'out', kind: 'text', group: OUTPUT, summary: 'Save the JSON document here after every mutant' },
    { name: 'resume', kind: 'text', group: OUTPUT, summary: 'Go on from such a file, and save there' },
  ],
  examples: [
    ['ebtorture mutate --strategy upstream', 'which steps of the fix matter'],
    ['ebtorture mutate --model --out m.json', 'every step of the model'],
    ['ebtorture mutate --resume m.json', 'go on where it stopped'],
    ["ebtorture stress --strategy 'upstream~set_io_pages/atomic_set.eb.io_pages/drop'", 'one of them alone'],
  ],
  epilogue: `Without --start, --actors and --pages, mutants are tried in a ladder of settings
of the scenario until one kills them.

Exit status:
  0 every mutant decided, the strategy itself as declared, 1 not as declared,
  2 a limit ended some search, 64 usage, 70 the engines contradict each other,
  the harness or the strategy broke, or the result could not be saved,
  130 interrupted`,
  run: async (args, { io }) => {
    const resume = args.text('resume');
    const resumed = resume === undefined ? undefined : await readResumed(resume, io.cwd);
    const config = resumed === undefined ? await configOf(args, io) : resumedConfig(args, resumed);
    for (const { scenario } of config.ladder) await loadScenarioArgument('--resume', scenario, io.cwd);
    const outText = args.text('out') ?? resume;
    const out =
      outText === undefined
        ? undefined
        : await checkOutFile('--out', outText, {
            cwd: io.cwd,
            inputs: filesOf([config.strategy]),
          });
    const interrupt = new AbortController();
    const disconnect = io.onInterrupt(() => interrupt.abort());
    const line = new StatusLine(io.stderr);
    const isShown = io.stderr.isTTY && !args.flag('quiet') && io.env['TERM'] !== 'dumb';
    const { mutate: run } = await import('../../study/mutate.ts');
    try {
      const result = await run({
        config,
        resumed,
        signal: interrupt.signal,
        onProgress: ({ stage, done, total }) => {
          if (isShown) void line.replace(`${STAGES[stage]} ${done}/${total}`);
        },
        onResult: out === undefined ? undefined : async (known) => saveOutFile(out, jsonDocument(known)),
      });
      await line.clear();
      if (out !== undefined) await saveOutFile(out, jsonDocument(result));
      const isJson = args.flag('json');
      const report = isJson ? io.stderr : io.stdout;
      if (!isJson || !args.flag('quiet')) await report.write(mutateReport(result, report.paint));
      if (isJson) await io.stdout.write(jsonDocument(result));
      return statusOf(result);
    } catch (error) {
      await line.clear();
      if (error instanceof RangeError || (error instanceof Error && error.name === 'StrategyError')) {
        throw new UsageError(`mutate: ${error.message}`, { cause: error });
      }
      throw error;
    } finally {
      disconnect();
    }
  },
};

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
  const stressMs =
    stressText === undefined ? MUTATE_DEFAULTS.stressMs : parseDuration('--time-per-mutant', stressText);
  return {
    strategy,
    isModel: args.flag('model'),
    ladder: await ladderOf(args),
    stressMs: args.flag('explore-only') ? 0 : stressMs,
    exploreMs:
      exploreText === undefined ? MUTATE_DEFAULTS.exploreMs : parseDuration('--time-max', exploreText),
    seed: seedText === undefined ? randomInt(SEED.max + 1) : parseInteger('--seed', seedText, SEED),
    ...placesConfig(placesArguments(args)),
  };
}

/** One setting if any part of it is given, else the ladder. */
async function ladderOf(args: Arguments): Promise<MutateResult['config']['ladder']> {
  const given = SETTING.filter((name) => args.text(name) !== undefined);
  if (given.every((name) => name === 'scenario')) {
    const { ladderOf: ladderOfScenario } = await import('../../study/mutate-ladder.ts');
    return ladderOfScenario(settingArgument(args).scenario).rungs;
  }
  const { namesOfSetting } = await import('../../catalog/named-setting.ts');
  const setting = settingArgument(args);
  return [{ ...namesOfSetting(setting), ...kernelIn(setting.scenario), readsFail: false }];
}

/** What is resumed is what was begun. */
function resumedConfig(args: Arguments, { config }: MutateResult): MutateResult['config'] {
  for (const name of ['strategy', ...SETTING, ...PLACES, 'time-per-mutant', 'time-max', 'seed']) {
    if (args.text(name) !== undefined) {
      throw new UsageError(`--resume: goes on as it was begun; leave out --${name}`);
    }
  }
  for (const name of ['model', 'explore-only']) {
    if (args.flag(name)) throw new UsageError(`--resume: goes on as it was begun; leave out --${name}`);
  }
  return config;
}

function statusOf({ verdict, isInterrupted }: MutateResult): number {
  if (verdict === 'contradicted') return ExitStatus.Fault;
  if (isInterrupted) return ExitStatus.Interrupted;
  if (verdict === 'not-as-declared') return ExitStatus.Violated;
  return verdict === 'undecided' ? ExitStatus.Inconclusive : ExitStatus.Ok;
}
