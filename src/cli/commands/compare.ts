import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isPlugIn, StrategyError } from '../../fix/plug-in/load.ts';
import { controlOf, promisedIn } from '../../scenario/promises.ts';
import { scenarioNamed, scenarios } from '../../catalog/registry.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { strategiesAll, strategiesDefault } from '../../catalog/run-defaults.ts';
import { rerunCommand, searchCommand } from '../../report/rerun-command.ts';
import { compareReport } from '../../report/run-report.ts';
import type { Arguments } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { compareStatus } from '../exit-status.ts';
import { parseList } from '../parse.ts';
import { calledAs } from '../called.ts';
import { printRun } from '../print-run.ts';
import {
  EXIT_STATUS_HELP,
  orderingOption,
  OUTPUT,
  RESUME,
  RUN_OPTIONS,
  SHARD,
  WHAT,
} from '../run-options.ts';
import { runSettings } from '../run-settings.ts';
import { givenScenario, strategyArgument } from '../strategy-argument.ts';
import { UsageError } from '../usage-error.ts';

const ALL = 'all';

/** `ebtorture compare`: blocks of all strategies and a control, interleaved, in one table. */
export const compare: Command = {
  name: 'compare',
  summary: 'Compare strategies in interleaved blocks',
  isDefault: true,
  positionals: [],
  options: [
    {
      name: 'strategies',
      alias: 'strategy',
      kind: 'list',
      group: WHAT,
      summary: 'Names or module paths, or all',
      defaultText: (scenarios[0] === undefined ? [] : strategiesDefault(scenarios[0])).join(','),
    },
    ...RUN_OPTIONS,
    orderingOption(['sc', 'x86']),
    SHARD,
    RESUME,
    {
      name: 'agree',
      kind: 'flag',
      group: OUTPUT,
      summary: 'Also check that explore reaches all that was seen',
    },
    {
      name: 'no-prove',
      kind: 'flag',
      group: WHAT,
      summary: 'Do not search every interleaving of the setting afterwards',
    },
    {
      name: 'orderings',
      kind: 'flag',
      group: WHAT,
      summary: 'Each strategy in every ordering: searched, and on threads where they have it',
    },
    {
      name: 'no-cost',
      kind: 'flag',
      group: WHAT,
      summary: 'Do not count and time the operations of the strategies named',
    },
  ],
  examples: [
    ['ebtorture', 'the fix of the kernel between its controls'],
    ['ebtorture compare --strategies all --duration 30s', 'every built-in strategy'],
    ['ebtorture compare --strategies none,./my-fix.mjs', 'a fix of your own'],
    ['ebtorture compare --duration 5m --out run.json', 'longer, and saved'],
    ['ebtorture compare --strategies all --orderings', 'a column per ordering'],
    ['ebtorture compare --agree --pages 1', 'and both engines against each other'],
  ],
  epilogue: EXIT_STATUS_HELP,
  isResumable: true,
  run: async (args, context) => {
    const { io, engine } = context;
    const names = await strategiesArgument(args, io.cwd, givenScenario(args));
    const settings = await runSettings(args, context, names);
    const agrees = args.flag('agree');
    const scenario = scenarioNamed(settings.config.scenario);
    const withControl = await ensureControl(names, scenario, context, settings.isQuiet);
    const proves = !args.flag('no-prove');
    const orderings = args.flag('orderings');
    if (orderings && settings.engine.shard !== undefined)
      throw new UsageError(
        '--shard and --orderings: give only one of the two; shards have one --ordering each',
      );
    for (const other of ['agree', 'no-prove'])
      if (orderings && args.flag(other))
        throw new UsageError(`--orderings and --${other}: give only one of the two`);
    // Who names strategies has a choice to make.
    const measuresCost = args.list('strategies').length > 0 && !args.flag('no-cost');
    return printRun(
      {
        settings,
        called: calledAs(args, 'compare', { options: compare.options, seed: settings.engine.seed }),
        rerun: rerunCommand({
          command: 'compare',
          strategies: withControl,
          hasControl: true,
          agrees,
          config: {
            ...settings.config,
            ...(!agrees && { proves, measuresCost }),
            ...(orderings && { orderings }),
          },
        }),
        searchOf: (stopped) => searchCommand(settings, stopped),
        start: (hooks) => {
          const options = { ...settings.engine, ...hooks, strategies: withControl };
          return agrees
            ? engine.agree(options)
            : engine.compare({ ...options, proves, measuresCost, orderings });
        },
        report: (result, paint) => compareReport(result, paint, args.flag('brief')),
        isControl: (name) =>
          scenario.subject.strategies.some(
            (each) => each.name === name && promisedIn(scenario, each).expectation === 'violates',
          ),
        statusOf: compareStatus,
      },
      io,
    );
  },
};

async function strategiesArgument(
  args: Arguments,
  cwd: string,
  scenario: Scenario,
): Promise<readonly string[]> {
  const option = args.spelling('strategies', 'strategy');
  const texts = args.list('strategies');
  if (texts.length === 0) return strategiesDefault(scenario);
  const names: string[] = [];
  const items = texts.flatMap((text) =>
    isPlugIn(text) && existsSync(resolve(cwd, text)) ? [text] : parseList(option, [text], 'none,upstream'),
  );
  for (const text of items) {
    names.push(
      ...(text === ALL ? strategiesAll(scenario) : [await strategyArgument(option, text, { cwd, scenario })]),
    );
  }
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) throw new UsageError(`${option}: '${name}' is given twice`);
  }
  return names;
}

/** Without a control a zero says nothing, so one is added, unless one of the strategies is declared to be one. */
async function ensureControl(
  names: readonly string[],
  scenario: Scenario,
  { io }: CommandContext,
  isQuiet: boolean,
): Promise<readonly string[]> {
  const named = scenario.subject.strategies.filter(({ name }) => names.includes(name));
  if (named.some((strategy) => promisedIn(scenario, strategy).expectation === 'violates')) return names;
  for (const name of names.filter(isPlugIn)) if (await isControl(name, scenario)) return names;
  const control = controlOf(scenario);
  if (!isQuiet) await io.stderr.write(`ebtorture: no control among the strategies, ${control} is added\n`);
  return names.includes(control) ? names : [control, ...names];
}

async function isControl(plugIn: string, scenario: Scenario): Promise<boolean> {
  const { describeStrategy } = await import('../../catalog/describe-strategy.ts');
  try {
    return promisedIn(scenario, await describeStrategy(plugIn, scenario)).expectation === 'violates';
  } catch (error) {
    // What is wrong with it is said by the run.
    if (error instanceof StrategyError) return false;
    throw error;
  }
}
