/** Turns the options that `compare` and `stress` share into what the engine takes. Nothing is started or written. */
import { randomInt } from 'node:crypto';
import { type Ordering, ORDERINGS } from '../memory/ordering.ts';
import { RUN_DEFAULTS, scenarioOf, strideDefault } from '../catalog/run-defaults.ts';
import { actorsText } from '../scenario/role-count.ts';
import type { Rerun } from '../report/rerun-command.ts';
import type { RoleCount, Scenario } from '../scenario/scenario.ts';
import { resolveSetting, type Setting } from '../scenario/setting.ts';
import { placesConfig } from '../stress/plan/places-config.ts';
import { runOptions } from '../stress/plan/run-options.ts';
import type { Shard } from '../stats/shard.ts';
import type { Waits } from '../stress/plan/amplification.ts';
import type { Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { launchArguments } from './launch-options.ts';
import { placesArguments } from './places-options.ts';
import { checkOutFile } from './out-file.ts';
import {
  FOLD,
  JITTER_NS,
  PAGES,
  parseActors,
  parseDelays,
  parseDuration,
  parseInteger,
  parseName,
  parseProbability,
  parseShard,
  parseTrials,
  SEED,
  STALL_MAX,
  STALL_NS,
  STARTS,
  STRIDE,
  WORLDS_MAX,
} from './parse.ts';
import type { ResumedJournal } from './resumed-journal.ts';
import { filesOf } from './strategy-argument.ts';
import { UsageError } from './usage-error.ts';

/** What the engine takes of either command, without what belongs to one run only. */
type EngineSettings = Omit<ReturnType<typeof runOptions>, 'signal' | 'onProgress' | 'onMemory'>;

/** Where results go. */
export interface OutputSettings {
  /** Absolute path of the journal. */
  readonly out: string | undefined;
  /** What the command goes on from. */
  readonly resumed: ResumedJournal | undefined;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}

/** Settings of `compare` and `stress`. */
export interface RunSettings extends OutputSettings {
  readonly engine: EngineSettings;
  /** For the command that runs it again. */
  readonly config: Rerun['config'];
}

/**
 * Parses and checks the shared options of a run of `names`.
 * @throws {UsageError} At the first one that cannot be.
 */
export async function runSettings(
  args: Arguments,
  context: Pick<CommandContext, 'io' | 'resumed'>,
  names: readonly string[],
): Promise<RunSettings> {
  const setting = settingArgument(args);
  const stride = parsed(args, 'stride', (option, text) => parseInteger(option, text, STRIDE));
  const worlds = { min: 2 * (stride ?? strideDefault(setting.start)), max: WORLDS_MAX };
  const engine = runOptions(setting, {
    stride,
    worlds: parsed(args, 'worlds', (option, text) => parseInteger(option, text, worlds)),
    seed: seedArgument(args),
    ...shardArgument(args),
    ...lengthArguments(args),
    ...startsArgument(args),
    fold: parsed(args, 'fold', (option, text) => parseInteger(option, text, FOLD)),
    trylockFail: parsed(args, 'trylock-fail', parseProbability),
    readFail: parsed(args, 'read-fail', parseProbability),
    setupFail: parsed(args, 'setup-fail', parseProbability),
    delays: parseDelays('--delay', args.list('delay'), setting.scenario.subject.points),
    waits: waitsArgument(args),
    isProfiled: args.flag('profile'),
    ...launchArguments(args, setting),
    ...placesArguments(args),
  });
  requireFixed(engine, setting);
  if (engine.readFail > 0 && setting.completion === 'none') {
    throw new UsageError('--read-fail: no actor completes reads; add one to --actors, such as end-io=1');
  }
  return {
    engine,
    config: configOf(engine, setting),
    ...(await outputSettings(args, context, filesOf(names))),
  };
}

/**
 * Parses where the result goes; not to one of `inputs`, the files that the command reads.
 * @throws {UsageError} If it cannot go there.
 */
export async function outputSettings(
  args: Arguments,
  { io, resumed }: Pick<CommandContext, 'io' | 'resumed'>,
  inputs: readonly string[],
): Promise<OutputSettings> {
  const [option, out] =
    resumed === undefined ? ['--out', args.text('out')] : ['--resume', args.text('resume')];
  return {
    out: out === undefined ? undefined : await checkOutFile(option, out, { cwd: io.cwd, inputs }),
    resumed,
    isJson: args.flag('json'),
    isQuiet: args.flag('quiet'),
  };
}

/** Shards add up if each of them is as long as it was to be, in the same setting. */
function requireFixed({ shard, until, isTuned }: EngineSettings, { scenario }: Setting): void {
  if (shard === undefined) return;
  if (scenario.litmus !== undefined)
    throw new UsageError('--shard: a litmus test is run whole: its states are counted run by run');
  if (until !== undefined)
    throw new UsageError(
      '--shard and --until: give only one of the two; the length of a shard is fixed in advance',
    );
  if (isTuned === true)
    throw new UsageError(
      '--shard and --tune: give only one of the two; each shard would find a setting of its own',
    );
}

/** The part of a work with a seed that is asked for, if any is. */
export function shardArgument(args: Arguments): { readonly shard?: Shard } {
  const text = args.text('shard');
  if (text === undefined) return {};
  const shard = parseShard('--shard', text);
  if (args.isGiven('seed')) return { shard };
  throw new UsageError('--shard: needs --seed beside it, the same one for every shard');
}

/** The seed that is asked for, or a random one. */
export function seedArgument(args: Arguments): number {
  return parsed(args, 'seed', (option, text) => parseInteger(option, text, SEED)) ?? randomInt(SEED.max + 1);
}

/**
 * The race of `--scenario`, `--start`, `--actors` and `--pages`, and of `--ordering` where a command has it.
 * @throws {UsageError} At the first one that cannot be.
 */
export function settingArgument(args: Arguments): Setting {
  const scenario = scenarioArgument(args);
  const startText = args.text('start');
  const starts = { kind: 'start state', known: scenario.starts.map(({ name }) => name) };
  const start = startText === undefined ? undefined : parseName('--start', startText, starts);
  const actorsTyped = args.text('actors');
  const roles = scenario.roles.map(({ name }) => name);
  const actors = actorsTyped === undefined ? undefined : parseActors('--actors', actorsTyped, roles);
  const pages = parsed(args, 'pages', (option, text) => parseInteger(option, text, PAGES));
  const orderingText = args.text('ordering');
  const orderings = { kind: 'ordering', known: ORDERINGS };
  const ordering = orderingText === undefined ? undefined : parseName('--ordering', orderingText, orderings);
  return settingOf({ scenario, start, actors, pages, ordering });
}

function scenarioArgument(args: Arguments): Scenario {
  const found = scenarioOf(args.text('scenario'));
  if (found === undefined) throw new UsageError('--scenario: there is none');
  return found;
}

function settingOf(options: {
  readonly scenario: Scenario;
  readonly start: string | undefined;
  readonly actors: readonly RoleCount[] | undefined;
  readonly pages: number | undefined;
  readonly ordering: Ordering | undefined;
}): Setting {
  try {
    return resolveSetting(options);
  } catch (error) {
    // The names are known by now: what is left is how the actors fit together.
    if (error instanceof RangeError) throw new UsageError(`--actors: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Random waits, undefined if there are none. */
function waitsArgument(args: Arguments): Waits | undefined {
  const jitterNs = parsed(args, 'jitter', (option, text) => parseInteger(option, text, JITTER_NS)) ?? 0;
  const stall = parsed(args, 'stall', (option, text) => parseProbability(option, text, STALL_MAX)) ?? 0;
  const stallMaxNs = parsed(args, 'stall-max', (option, text) => parseInteger(option, text, STALL_NS));
  if (stallMaxNs !== undefined && stall === 0) throw new UsageError('--stall-max: needs --stall beside it');
  if (jitterNs === 0 && stall === 0) return undefined;
  return { jitterNs, stall, stallMaxNs: stallMaxNs ?? RUN_DEFAULTS.stallMaxNs };
}

function startsArgument(args: Arguments): Pick<EngineSettings, 'starts'> {
  const starts = parsed(args, 'starts', (option, text) => parseInteger(option, text, STARTS));
  return starts === undefined ? {} : { starts };
}

function lengthArguments(args: Arguments): Pick<EngineSettings, 'budget' | 'until'> {
  const duration = parsed(args, 'duration', parseDuration);
  const trials = parsed(args, 'trials', parseTrials);
  const untilText = args.text('until');
  const until =
    untilText === undefined
      ? undefined
      : parseName('--until', untilText, { kind: 'condition', known: ['decided', 'violation'] });
  if (trials !== undefined) {
    if (duration !== undefined) throw new UsageError('--duration and --trials: give only one of the two');
    if (until === 'decided') throw new UsageError('--until decided and --trials: give only one of the two');
    return { budget: { kind: 'trials', count: trials }, ...(until !== undefined && { until }) };
  }
  if (until === undefined) return { budget: { kind: 'duration', ms: duration ?? RUN_DEFAULTS.durationMs } };
  return { budget: { kind: 'duration', ms: duration ?? RUN_DEFAULTS.undecidedMs }, until };
}

/** The value of an option, undefined if it is not given. */
export function parsed(
  args: Arguments,
  name: string,
  parse: (option: string, text: string) => number,
): number | undefined {
  const text = args.text(name);
  return text === undefined ? undefined : parse(`--${name}`, text);
}

function configOf(
  { budget, until, starts, launch, isTuned, isProfiled, instances, placement, ...engine }: EngineSettings,
  { actors }: Setting,
): Rerun['config'] {
  return {
    ...engine,
    until: until ?? null,
    waits: engine.waits ?? null,
    actors: actorsText(engine.actors),
    durationMs: budget.kind === 'duration' ? budget.ms : null,
    trials: budget.kind === 'trials' ? budget.count : null,
    ...(launch !== undefined && {
      launch: { offsetNs: launch.offsetNs, lastToucher: actors[launch.lastToucher]?.label ?? '' },
    }),
    ...(starts !== undefined && { starts }),
    ...placesConfig({ instances, placement }),
    ...(isTuned === true && { tune: true }),
    ...(isProfiled === true && { profile: true }),
  };
}
