import { type ScenarioWords, wordsIn } from '../catalog/words.ts';
import type { PlacesConfig } from '../stress/plan/places-config.ts';
import type { RunConfig } from '../stress/result/result.ts';
import {
  failuresDefault,
  pagesDefault,
  RUN_DEFAULTS,
  isFirstScenario,
  strideDefault,
  worldsDefault,
} from '../catalog/run-defaults.ts';
import { findScenario, isLitmusPath } from '../catalog/registry.ts';
import { actorsText } from '../scenario/role-count.ts';
import { type Shard, shardText } from '../stats/shard.ts';
import { REPORT_COLUMNS } from './wrap.ts';

/** What a command to run something again is made from. */
export interface Rerun {
  readonly command: 'compare' | 'stress' | 'explain';
  /** One for `stress` and `explain`. */
  readonly strategies: readonly string[];
  /** Whether control blocks run beside the strategy of `stress` or `explain`. */
  readonly hasControl: boolean;
  /** Whether `compare` asks the explore engine as well. @default false */
  readonly agrees?: boolean | undefined;
  /** Of a saved result whose scenario need not be known here. */
  readonly words?: ScenarioWords | undefined;
  readonly config: Pick<
    RunConfig,
    | 'scenario'
    | 'start'
    | 'actors'
    | 'pages'
    | 'ordering'
    | 'worlds'
    | 'stride'
    | 'seed'
    | 'shard'
    | 'durationMs'
    | 'trials'
    | 'starts'
    | 'instances'
    | 'placement'
    | 'until'
    | 'fold'
    | 'trylockFail'
    | 'readFail'
    | 'setupFail'
    | 'delays'
    | 'waits'
    | 'launch'
    | 'tune'
    | 'profile'
    | 'proves'
    | 'measuresCost'
    | 'orderings'
  >;
}

const INDENT = '  ';
const CONTINUED = ' \\';

/** The command that runs it again: what differs from the defaults, and the seed. */
export function rerunCommand(rerun: Rerun): string[] {
  return commandLines(`ebtorture ${rerun.command}`, [...options(rerun), ...lengthOptions(rerun)]);
}

/**
 * The command that stresses a strategy under the same setting until it violates, and shows the interleaving behind that.
 * `strategy` is a name or the path of a plug-in.
 */
export function explainCommand(
  { config, words }: Pick<Rerun, 'config' | 'words'>,
  strategy: string,
): string[] {
  return commandLines(
    'ebtorture explain',
    options({ command: 'explain', strategies: [strategy], hasControl: true, config, words }),
  );
}

/** The command that searches every schedule of the same setting. `strategy` as in `explainCommand`. */
export function searchCommand(
  { config, words }: Pick<Rerun, 'config' | 'words'>,
  strategy: string,
): string[] {
  const { start, actors, pages, ordering, trylockFail, readFail, setupFail = 0 } = config;
  const [first] = wordsIn({ config, words }).starts;
  return commandLines('ebtorture explore', [
    ...(isFirstScenario(config.scenario) ? [] : [optionText('--scenario', config.scenario)]),
    ...(start === first?.name ? [] : [optionText('--start', start)]),
    optionText('--strategy', strategy),
    optionText('--actors', actors),
    `--pages ${pages}`,
    ...(ordering === undefined ? [] : [`--ordering ${ordering}`]),
    ...(trylockFail > 0 ? ['--trylocks-fail'] : []),
    ...(readFail > 0 ? ['--reads-fail'] : []),
    ...(setupFail > 0 ? ['--setups-fail'] : []),
  ]);
}

/**
 * A command broken into shell continuation lines; a single option that is longer than a line is left whole, since a path
 * that is cut cannot be pasted.
 */
export function commandLines(command: string, optionTexts: readonly string[]): string[] {
  const room = REPORT_COLUMNS - INDENT.length - CONTINUED.length;
  const lines: string[] = [];
  let line = command;
  for (const option of optionTexts) {
    if (line.length + 1 + option.length > room) {
      lines.push(INDENT + line + CONTINUED);
      line = INDENT + option;
    } else {
      line += ` ${option}`;
    }
  }
  return [...lines, INDENT + line];
}

function options(rerun: Rerun): string[] {
  const { config } = rerun;
  const { setupFail = RUN_DEFAULTS.setupFail } = config;
  const failures = failuresDefault(findScenario(config.scenario));
  const { starts, pagesAre } = wordsIn(rerun);
  const start = starts.find(({ name }) => name === config.start);
  const isFirstStart = start !== undefined && start === starts[0];
  const delays = Object.entries(config.delays).map(([point, ns]) => `${point}=${ns}`);
  const given: (readonly [string, string?] | false)[] = [
    ...scenarioOptions(rerun),
    !isFirstStart && ['--start', config.start],
    config.actors !== actorsText(start?.actors ?? []) && ['--actors', config.actors],
    ...strategyOptions(rerun),
    config.pages !== pagesDefault(config.scenario, pagesAre) && ['--pages', String(config.pages)],
    config.ordering !== undefined && ['--ordering', config.ordering],
    config.worlds !== worldsDefault(config.stride) && ['--worlds', String(config.worlds)],
    config.stride !== strideDefault(start) && ['--stride', String(config.stride)],
    config.launch !== undefined && [`--offset=${config.launch.offsetNs}`],
    config.launch !== undefined && ['--last-toucher', config.launch.lastToucher],
    config.trylockFail !== failures.trylockFail && ['--trylock-fail', String(config.trylockFail)],
    config.readFail !== failures.readFail && ['--read-fail', String(config.readFail)],
    setupFail !== failures.setupFail && ['--setup-fail', String(setupFail)],
    delays.length > 0 && ['--delay', delays.join(',')],
    ...waitOptions(config.waits),
    ...placesOptions(config),
  ];
  const texts = given.flatMap((option) => {
    if (option === false) return [];
    const [name, value] = option;
    return value === undefined ? name : optionText(name, value);
  });
  return config.tune === true ? [...texts, '--tune'] : texts;
}

function scenarioOptions({ command, config }: Rerun): (readonly [string, string?])[] {
  if (isFirstScenario(config.scenario)) return [];
  // A litmus test stands behind the commands that are about it.
  const isTest = command === 'stress' && isLitmusPath(config.scenario);
  return [isTest ? [quoted(config.scenario)] : ['--scenario', config.scenario]];
}

/** What was asked for of the processors. */
export function placesOptions({ instances, placement }: PlacesConfig): (readonly [string, string] | false)[] {
  return [
    instances !== undefined && ['--instances', String(instances)],
    placement !== undefined && ['--placement', placement],
  ];
}

/** `--shard`, where it is one. */
export function shardOption(shard: Shard | undefined): string[] {
  return shard === undefined ? [] : [`--shard ${shardText(shard)}`];
}

function waitOptions(waits: RunConfig['waits']): (readonly [string, string?] | false)[] {
  if (waits === null) return [];
  const { jitterNs, stall, stallMaxNs } = waits;
  return [
    jitterNs > 0 && ['--jitter', String(jitterNs)],
    stall > 0 && ['--stall', String(stall)],
    stall > 0 && stallMaxNs !== RUN_DEFAULTS.stallMaxNs && ['--stall-max', String(stallMaxNs)],
  ];
}

function lengthOptions(rerun: Rerun): string[] {
  const { command, hasControl, agrees, config } = rerun;
  const [option, value] = budgetOption(config);
  return [
    ...(config.until === null ? [] : [`--until ${config.until}`]),
    ...(config.fold === RUN_DEFAULTS.fold ? [] : [`--fold ${config.fold}`]),
    `${option} ${value}`,
    ...(config.starts === undefined ? [] : [`--starts ${config.starts}`]),
    `--seed ${config.seed}`,
    ...shardOption(config.shard),
    ...(agrees === true ? ['--agree'] : []),
    ...(config.proves === false ? ['--no-prove'] : []),
    ...(config.measuresCost === false && namesStrategies(rerun) ? ['--no-cost'] : []),
    ...(config.orderings === true ? ['--orderings'] : []),
    ...(config.profile === true ? ['--profile'] : []),
    ...(command !== 'compare' && !hasControl ? ['--no-control'] : []),
  ];
}

function strategyOptions(rerun: Rerun): readonly (readonly [string, string])[] {
  const { command, strategies, config } = rerun;
  const words = wordsIn(rerun);
  const text = strategies.join(',');
  if (command !== 'compare') return text === words.control ? [] : [['--strategy', text]];
  if (text === words.strategies?.join(',')) return [['--strategies', 'all']];
  // Who names strategies has their costs measured, even if these are the usual ones.
  if (text === words.compared?.join(',') && config.measuresCost !== true) return [];
  // A path with a comma is taken as one where it is given alone.
  const isList = strategies.every((strategy) => !strategy.includes(',') && strategy === strategy.trim());
  return (isList ? [text] : strategies).map((value) => ['--strategies', value]);
}

function namesStrategies(rerun: Rerun): boolean {
  return strategyOptions(rerun).length > 0;
}

/** Always there, as the length of a run is what people change first. */
function budgetOption({ trials, durationMs }: Rerun['config']): readonly [string, string] {
  if (trials !== null) return ['--trials', trialsOption(trials)];
  return ['--duration', durationOption(durationMs ?? RUN_DEFAULTS.durationMs)];
}

/** A time as `--duration` takes it, exactly. */
export function durationOption(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** A trial count as `--trials` takes it, exactly. */
export function trialsOption(trials: number): string {
  if (trials % 1e6 === 0) return `${trials / 1e6}M`;
  return trials % 1e3 === 0 ? `${trials / 1e3}k` : String(trials);
}

/** An option with its value, for the shell. */
export function optionText(name: string, value: string): string {
  // Behind a blank it would be taken for an option itself.
  return `${name}${value.startsWith('-') ? '=' : ' '}${quoted(value)}`;
}

/** What neither a terminal nor whoever pastes it would leave as it is. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;

/** A word for the shell, in quotes where it needs them. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return UNSEEN.test(word) ? escaped(word) : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The bytes that cannot be seen, in the quotes that shells have for them. */
function escaped(word: string): string {
  let text = '';
  for (const character of word) {
    if (UNSEEN.test(character)) {
      for (const byte of new TextEncoder().encode(character))
        text += `\\${byte.toString(8).padStart(3, '0')}`;
    } else {
      text += /['\\]/.test(character) ? `\\${character}` : character;
    }
  }
  return `$'${text}'`;
}
