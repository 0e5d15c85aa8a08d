/** What `--strategy` names: a strategy of the project, a plug-in, or a mutant of either. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseMutation, splitMutant } from '../fix/mutation/mutation.ts';
import { isPlugIn } from '../fix/plug-in/load.ts';
import { strategies } from '../fix/registry.ts';
import { RUN_DEFAULTS } from '../report/run-defaults.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { parseName } from './parse.ts';
import { reasonOf } from './reason.ts';
import { WHAT } from './run-options.ts';
import { UsageError } from './usage-error.ts';

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
  return strategyArgument(`--${STRATEGY.name}`, args.text(STRATEGY.name) ?? RUN_DEFAULTS.strategy, cwd);
}

/**
 * As `parseStrategy`, and of a mutant it makes sure that the strategy takes the step at all: without that it would run
 * unchanged.
 * @throws {UsageError} If it is none.
 * @throws {StrategyError} If a plug-in that is mutated does not load.
 * @throws {HarnessError} If it breaks.
 */
export async function strategyArgument(option: string, text: string, cwd: string): Promise<string> {
  const strategy = parseStrategy(option, text, cwd);
  const mutant = splitMutant(strategy);
  if (mutant === undefined) return strategy;
  const { performSafely } = await import('../study/in-thread.ts');
  const objection = await performSafely({ kind: 'mutant', ...mutant });
  if (objection !== null) throw new UsageError(`${option}: ${objection}`);
  return strategy;
}

/**
 * A built-in strategy, the path of a module that is there, or a mutant of either.
 * @throws {UsageError} If it is none of them.
 */
export function parseStrategy(option: string, text: string, cwd: string): string {
  const mutant = splitMutant(text);
  if (mutant !== undefined) {
    parseStrategy(option, mutant.strategy, cwd);
    try {
      parseMutation(mutant.mutation);
    } catch (error) {
      throw new UsageError(`${option}: ${reasonOf(error)}`, { cause: error });
    }
    return text;
  }
  if (!isPlugIn(text))
    return parseName(option, text, { kind: 'strategy', known: strategies.map(({ name }) => name) });
  if (statSync(resolve(cwd, text), { throwIfNoEntry: false })?.isFile() === true) return text;
  throw new UsageError(
    `${option}: no such file '${text}'; give the path of a module, or one of the names of 'list'`,
  );
}
