/** What `--strategy` names: a strategy of the project, a plug-in, or a mutant of either. */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMutation, splitMutant } from '../fix/mutation/mutation.ts';
import { isPlugIn } from '../fix/plug-in/load.ts';
import { isModuleName, MODULE_ENDINGS } from '../fix/plug-in/import-plug-in.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { scenarioNamed, scenarios } from '../catalog/registry.ts';
import { RUN_DEFAULTS, strategyDefault } from '../catalog/run-defaults.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { parseName } from './parse.ts';
import { reasonOf } from './reason.ts';
import { WHAT } from './run-options.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

const URL_SCHEME = /^file:/i;
const ABSOLUTE_URL = /^file:\/\//i;
/** Far beyond a module that somebody wrote. */
const MODULE_BYTES_MAX = 8 * 2 ** 20;

/** The option of commands that run one strategy. */
export const STRATEGY: OptionSpec = {
  name: 'strategy',
  kind: 'text',
  group: WHAT,
  summary: 'Name, or path of a module such as ./my-fix.mjs',
  defaultText: RUN_DEFAULTS.strategy,
};

/** The strategy of that option: see `strategyArgument`. */
export async function givenStrategy(args: Arguments, cwd: string): Promise<string> {
  const scenario = givenScenario(args);
  const text = args.text(STRATEGY.name) ?? strategyDefault(scenario);
  return strategyArgument(`--${STRATEGY.name}`, text, { cwd, scenario });
}

/** The scenario that a command is given, or the first one. */
export function givenScenario(args: Arguments): Scenario {
  return scenarioNamed(args.text('scenario') ?? scenarios[0]?.name ?? '');
}

/** Where a strategy is named. */
export interface StrategyScope {
  readonly cwd: string;
  /** The scenario that it is to run in. */
  readonly scenario: Scenario;
}

/**
 * As `parseStrategy`, and of a mutant it makes sure that the strategy takes the step at all in some setting of the scenario:
 * without that it would run unchanged.
 * @throws {UsageError} If it is none.
 * @throws {StrategyError} If a plug-in that is mutated does not load.
 * @throws {HarnessError} If it breaks.
 */
export async function strategyArgument(option: string, text: string, place: StrategyScope): Promise<string> {
  const strategy = parseStrategy(option, text, place);
  const mutant = splitMutant(strategy);
  if (mutant === undefined) return strategy;
  const { performSafely } = await import('../study/in-thread.ts');
  const objection = await performSafely({ kind: 'mutant', ...mutant, scenario: place.scenario.name });
  if (objection !== null) throw new UsageError(`${option}: ${objection}`);
  return strategy;
}

/**
 * A built-in strategy, the path of a module that is there, or a mutant of either; the path of a `file:` URL.
 * @throws {UsageError} If it is none of them.
 */
export function parseStrategy(
  option: string,
  text: string,
  place: { readonly cwd: string; readonly scenario: Pick<Scenario, 'subject'> },
): string {
  const { subject } = place.scenario;
  const mutant = splitMutant(text);
  if (mutant !== undefined) {
    const strategy = parseStrategy(option, mutant.strategy, place);
    try {
      parseMutation(mutant.mutation, subject.Model.structures);
    } catch (error) {
      throw new UsageError(`${option}: ${reasonOf(error)}`, { cause: error });
    }
    return strategy + text.slice(mutant.strategy.length);
  }
  // No list has them, but reports and schedules of runs in which stores wait name them.
  if (subject.weakControls?.some(({ name }) => name === text) === true) return text;
  if (!isPlugIn(text))
    return parseName(option, text, { kind: 'strategy', known: subject.strategies.map(({ name }) => name) });
  const path = URL_SCHEME.test(text) ? pathOfUrl(option, text) : text;
  requireModule(option, path, place.cwd);
  return path;
}

/** The files among strategies that are read, mutants of plug-ins included. */
export function filesOf(names: readonly string[]): readonly string[] {
  return names.filter(isPlugIn).map((name) => splitMutant(name)?.strategy ?? name);
}

/** The path that a file URL means, so that a result has one spelling of it. */
function pathOfUrl(option: string, text: string): string {
  const named = quotedPath(text);
  if (!ABSOLUTE_URL.test(text)) {
    throw new UsageError(`${option}: ${named} is no absolute file URL; give file:///... or a path`);
  }
  try {
    return fileURLToPath(text);
  } catch (error) {
    throw new UsageError(`${option}: ${named} is no file URL: ${reasonOf(error)}`, { cause: error });
  }
}

/** Before a thread is started for it: a device would be read for ever. */
export function requireModule(option: string, text: string, cwd: string): void {
  requireFile(option, text, cwd);
  const path = resolve(cwd, text);
  if (!isModuleName(path)) {
    throw new UsageError(
      `${option}: ${quotedPath(text)} is no module; its name must end with ${MODULE_ENDINGS}`,
    );
  }
}

/** The same of any file that is small enough to be read. */
export function requireFile(option: string, text: string, cwd: string): void {
  const named = quotedPath(text);
  const path = resolve(cwd, text);
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() === true) accessSync(path, constants.R_OK);
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${named}: ${reasonOf(error)}`, { cause: error });
  }
  if (found === undefined) {
    throw new UsageError(
      `${option}: no such file ${named}; give the path of a module, or one of the names of 'list'`,
    );
  }
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a directory' : 'no regular file';
    throw new UsageError(`${option}: ${named} is ${what}; give the path of a module, such as ./my-fix.mjs`);
  }
  if (found.size > MODULE_BYTES_MAX) {
    throw new UsageError(`${option}: ${named} is larger than ${MODULE_BYTES_MAX / 2 ** 20} MiB`);
  }
}
