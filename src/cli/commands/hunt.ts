import { randomInt } from 'node:crypto';
import { alphabetOf, huntedKernels } from '../../catalog/alphabets.ts';
import { CONTROL_DEFAULT } from '../../scenario/promises.ts';
import type { Alphabet } from '../../scenario/alphabet.ts';
import { huntReport } from '../../report/hunt-report.ts';
import { elapsed, grouped, share } from '../../report/number.ts';
import {
  HUNT_DEFAULTS,
  HUNT_SIZE_MAX,
  HUNT_SIZE_MIN,
  type HuntResult,
} from '../../study/hunt/hunt-result.ts';
import type { HuntOptions, HuntProgress } from '../../study/hunt/hunt.ts';
import type { Arguments } from '../arguments.ts';
import { calledAs } from '../called.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import { readBaseline } from '../hunt-baseline.ts';
import { checkScenarioFile, saveScenarios } from '../hunt-scenarios.ts';
import type { Io } from '../io.ts';
import { parseCount, parseDuration, parseInteger, parseList, parseName, parseShard, SEED } from '../parse.ts';
import { OutJournal, verdictOf } from '../out-journal.ts';
import { printSearched } from '../print-searched.ts';
import { StatusLine } from '../progress.ts';
import { OUTPUT, RESUME, RUN_OPTIONS, SHARD, WHAT } from '../run-options.ts';
import { outputSettings } from '../run-settings.ts';
import { filesOf, parseStrategy } from '../strategy-argument.ts';
import { UsageError } from '../usage-error.ts';

type Config = HuntResult['config'];

const LIMITS = 'Limits:';
const DURATION_DEFAULT = '1m';
const SIZE = { min: HUNT_SIZE_MIN, max: HUNT_SIZE_MAX };
const STATUS: Readonly<Record<HuntResult['verdict'], number>> = {
  complete: ExitStatus.Ok,
  part: ExitStatus.Ok,
  found: ExitStatus.Violated,
  bounded: ExitStatus.Inconclusive,
};

/** `ebtorture hunt`: races that nobody wrote a scenario for. */
export const hunt: Command = {
  name: 'hunt',
  summary: 'Search small programs of kernel operations for races that nobody wrote down',
  positionals: [],
  options: [
    {
      name: 'kernel',
      kind: 'text',
      group: WHAT,
      summary: `Whose operations: ${huntedKernels.join(', ')}`,
      defaultText: HUNT_DEFAULTS.kernel,
    },
    {
      name: 'strategy',
      kind: 'text',
      group: WHAT,
      summary: 'Name of a strategy, or a mutant',
      defaultText: CONTROL_DEFAULT,
    },
    {
      name: 'against',
      kind: 'text',
      group: WHAT,
      summary: 'Leave out what this strategy violates in the same program',
    },
    { name: 'only', kind: 'list', group: WHAT, summary: 'Operations to make programs of, such as alloc,put' },
    {
      name: 'baseline',
      kind: 'text',
      group: WHAT,
      summary: 'Leave out the findings of this file, which --out has saved',
    },
    { name: 'hardware', kind: 'flag', group: WHAT, summary: 'Play each finding on threads, too' },
    {
      name: 'matrix',
      kind: 'flag',
      group: WHAT,
      summary: 'Try every strategy in the program of each finding',
    },
    {
      name: 'strategies',
      kind: 'list',
      group: WHAT,
      summary: 'Try these there: names, or paths of modules such as ./my-fix.mjs',
    },
    {
      name: 'size',
      kind: 'text',
      group: LIMITS,
      summary: `Largest programs: operations, further pages and kinds of failures, ${SIZE.min} to ${SIZE.max}`,
      defaultText: String(HUNT_DEFAULTS.size),
    },
    { name: 'time', kind: 'text', group: LIMITS, summary: 'Time, such as 10m', defaultText: 'none' },
    {
      name: 'duration',
      kind: 'text',
      group: LIMITS,
      summary: 'On threads, all findings together',
      defaultText: DURATION_DEFAULT,
    },
    {
      name: 'states-max',
      kind: 'text',
      group: LIMITS,
      summary: 'States of one program',
      defaultText: `${HUNT_DEFAULTS.statesMax / 1000}k`,
    },
    {
      name: 'seed',
      kind: 'text',
      group: LIMITS,
      summary: 'Take the programs of a size at random, with this seed',
      defaultText: 'in order',
    },
    ...RUN_OPTIONS.filter(({ name }) => ['json', 'out', 'quiet'].includes(name)),
    SHARD,
    RESUME,
    {
      name: 'save-scenario',
      kind: 'text',
      group: OUTPUT,
      summary: 'Save findings as modules of scenarios: race.mjs, race-2.mjs ...',
    },
  ],
  examples: [
    ['ebtorture hunt --size 2', 'all programs of two operations'],
    ['ebtorture hunt --time 10m --out h.jsonl', 'as far as ten minutes go'],
    ['ebtorture hunt --resume h.jsonl', 'and on from there'],
    ['ebtorture hunt --only alloc,reclaim --matrix', 'and which strategy closes what'],
  ],
  epilogue: `A program is two or three actors with one to three operations each, perhaps
one more that completes IO, which the size does not count, from a state that
sequential programs lead to. Its name is that of a scenario for other commands.

Exit status:
  0 every program (of the shard) was searched to its end, and nothing found,
  1 found, 2 a limit ended it and nothing was found, 64 usage, 70 fault, or the
  result could not be saved, 130 interrupted`,
  isResumable: true,
  run: async (args, context) => {
    const { io, resumed } = context;
    const config = configOf(args, io);
    const matrix = matrixOf(args, io, config.kernel);
    const options = { config, matrix, ...(await limitsOf(args, io)) };
    const inputs = [...filesOf(matrix ?? []), ...textsOf(args, ['baseline'])];
    const { out: path } = await outputSettings(args, context, inputs);
    const scenarioText = args.text('save-scenario');
    const scenarioFile =
      scenarioText === undefined ? undefined : await checkScenarioFile(scenarioText, io.cwd);
    const called = calledAs(args, 'hunt', { options: hunt.options, seed: config.seed });
    const end = new AbortController();
    // What cannot be put down any more is not worth hunting for.
    const onFailure = (): void => end.abort();
    const journal = path === undefined ? undefined : new OutJournal({ path, called, resumed, onFailure });
    try {
      const result = await hunted(args, io, { options: { ...options, journal }, end });
      const files = scenarioFile === undefined ? [] : await saveScenarios(scenarioFile, result.findings);
      if (files.length > 0 && !args.flag('quiet')) await io.stderr.write(`saved ${files.join(', ')}\n`);
      await printSearched(args, io, {
        report: (paint) => huntReport(result, paint),
        document: result,
        verdict: verdictOf(result),
        journal,
      });
      return result.isInterrupted ? ExitStatus.Interrupted : STATUS[result.verdict];
    } finally {
      await journal?.close();
    }
  },
};

/** Hunts, and says how far it is. */
async function hunted(
  args: Arguments,
  io: Io,
  { options, end }: { readonly options: HuntOptions; readonly end: AbortController },
): Promise<HuntResult> {
  const disconnect = io.onInterrupt(() => end.abort());
  const line = new StatusLine(io.stderr);
  const isShown = io.stderr.isTTY && !args.flag('quiet') && io.env['TERM'] !== 'dumb';
  const { hunt: run } = await import('../../study/hunt/hunt.ts');
  try {
    return await run({
      ...options,
      signal: end.signal,
      onProgress: (progress) => {
        if (isShown) void line.replace(progressText(progress).slice(0, Math.max(io.stderr.columns - 1, 0)));
      },
    });
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && error.name === 'StrategyError'))
      throw new UsageError(`hunt: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await line.clear();
    disconnect();
  }
}

function progressText({ size, done, total, findings, leftMs }: HuntProgress): string {
  const left = done === total ? '' : `, ${elapsed(leftMs)} left`;
  return `size ${size}: ${grouped(done)}/${grouped(total)} programs, ${share(done, total)}${left}  found: ${findings}`;
}

function configOf(args: Arguments, { cwd }: Io): Config {
  const kernel = parseName('--kernel', args.text('kernel') ?? HUNT_DEFAULTS.kernel, {
    kind: 'kernel',
    known: huntedKernels,
  });
  const alphabet = alphabetNamed(kernel);
  const against = args.text('against');
  const only = onlyOf(args, alphabet);
  const seed = args.text('seed');
  return {
    kernel,
    strategy: strategyOf('--strategy', args.text('strategy') ?? CONTROL_DEFAULT, { cwd, alphabet }),
    against: against === undefined ? null : strategyOf('--against', against, { cwd, alphabet }),
    only,
    size: sizeOf(args),
    seed: seed === undefined ? null : parseInteger('--seed', seed, SEED),
    statesMax: statesOf(args),
    ...shardOf(args),
  };
}

/** What is of a whole hunt, and not of a part. */
const OF_WHOLE = ['baseline', 'matrix', 'strategies', 'hardware', 'save-scenario'];

function shardOf(args: Arguments): Pick<Config, 'shard'> {
  const text = args.text('shard');
  if (text === undefined) return {};
  const shard = parseShard('--shard', text);
  const other = OF_WHOLE.find((name) => args.isGiven(name));
  if (other === undefined) return { shard };
  throw new UsageError(
    `--shard and --${other}: give only one of the two; --${other} is for all findings together`,
  );
}

function sizeOf(args: Arguments): number {
  const text = args.text('size');
  return text === undefined ? HUNT_DEFAULTS.size : parseInteger('--size', text, SIZE);
}

function statesOf(args: Arguments): number {
  const text = args.text('states-max');
  return text === undefined ? HUNT_DEFAULTS.statesMax : parseCount('--states-max', text, 'states');
}

function onlyOf(args: Arguments, { operations }: Alphabet): readonly string[] | null {
  const texts = args.list('only');
  if (texts.length === 0) return null;
  const known = operations.map(({ name }) => name);
  const names = new Set(
    parseList('--only', texts, 'alloc,reclaim').map((text) =>
      parseName('--only', text, { kind: 'operation', known }),
    ),
  );
  return known.filter((name) => names.has(name));
}

function strategyOf(
  option: string,
  text: string,
  { cwd, alphabet }: { readonly cwd: string; readonly alphabet: Alphabet },
): string {
  const strategy = parseStrategy(option, text, { cwd, scenario: alphabet });
  if (filesOf([strategy]).length > 0)
    throw new UsageError(
      `${option}: takes strategies of the project; try a module on what they violate with --strategies`,
    );
  return strategy;
}

function matrixOf(args: Arguments, { cwd }: Io, kernel: string): readonly string[] | undefined {
  const texts = args.list('strategies');
  if (texts.length === 0 && !args.flag('matrix')) return undefined;
  const scenario = alphabetNamed(kernel);
  const given =
    texts.length === 0
      ? []
      : parseList('--strategies', texts, 'upstream,./my-fix.mjs').map((text) =>
          parseStrategy('--strategies', text, { cwd, scenario }),
        );
  const all = args.flag('matrix') ? scenario.subject.strategies.map(({ name }) => name) : [];
  return [...new Set([...all, ...given])];
}

async function limitsOf(
  args: Arguments,
  { cwd }: Io,
): Promise<Pick<HuntOptions, 'timeMs' | 'baseline' | 'hardware'>> {
  const duration = args.text('duration');
  const hasHardware = args.flag('hardware');
  if (!hasHardware && duration !== undefined)
    throw new UsageError('--duration: is of --hardware; give that as well');
  const time = args.text('time');
  const baseline = args.text('baseline');
  return {
    timeMs: time === undefined ? undefined : parseDuration('--time', time),
    baseline: baseline === undefined ? undefined : await readBaseline(baseline, cwd),
    hardware: hasHardware
      ? {
          durationMs: parseDuration('--duration', duration ?? DURATION_DEFAULT),
          seed: randomInt(SEED.max + 1),
        }
      : undefined,
  };
}

function textsOf(args: Arguments, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => args.text(name) ?? []);
}

function alphabetNamed(kernel: string): Alphabet {
  const alphabet = alphabetOf(kernel);
  if (alphabet === undefined) throw new RangeError(`unknown kernel '${kernel}'`);
  return alphabet;
}
