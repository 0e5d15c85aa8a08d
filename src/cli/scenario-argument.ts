/** What `--scenario` and `--kernel` name: a scenario of the project, or a module. */
import { loadScenarioSafely } from '../catalog/load-scenario-safely.ts';
import {
  findScenario,
  isLitmusPath,
  isScenarioPlugIn,
  knownScenarios,
  scenarios,
} from '../catalog/registry.ts';
import { scenarioOnKernel } from '../catalog/scenario-on-kernel.ts';
import { kernelObjection } from '../scenario/kernels.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { echoed, parseName } from './parse.ts';
import { reasonOf } from './reason.ts';
import { requireFile, requireModule } from './strategy-argument.ts';
import { UsageError } from './usage-error.ts';

const NAME = 'scenario';
const KERNEL = 'kernel';
/** A word behind the command in place of the option. */
const TEST = 'test';

/**
 * Makes the scenario of a command line known before the command asks for it. In the arguments that it returns the kernel stands where all
 * else looks for it, in the name of the scenario.
 * @throws {UsageError} If there is none of that name, none on that kernel, or no module in that place.
 * @throws {ScenarioError} If the module is no scenario.
 */
export async function loadGivenScenario(
  args: Arguments,
  { name: command, options, positionals }: Pick<Command, 'name' | 'options' | 'positionals'>,
  cwd: string,
): Promise<Arguments> {
  const test = positionals.some(({ name }) => name === TEST) ? args.text(TEST) : undefined;
  if (test !== undefined) return loadGivenTest(command, test, args, cwd);
  const has = (option: string): boolean => options.some(({ name }) => name === option);
  if (!has(NAME)) return args;
  const text = args.text(NAME);
  const kernel = has(KERNEL) ? args.text(KERNEL) : undefined;
  if (text !== undefined) await loadScenarioArgument(`--${NAME}`, text, cwd);
  return kernel === undefined ? args : args.with({ [NAME]: nameOnKernel(text, kernel), [KERNEL]: undefined });
}

async function loadGivenTest(
  command: string,
  test: string,
  args: Arguments,
  cwd: string,
): Promise<Arguments> {
  if (!isLitmusPath(test))
    throw new UsageError(`${command}: expected a litmus test (NAME.litmus), got ${echoed(test)}`);
  const other = [NAME, KERNEL].find((option) => args.text(option) !== undefined);
  if (other !== undefined) throw new UsageError(`--${other}: the scenario is the litmus test; leave it out`);
  await loadScenarioArgument(command, test, cwd);
  return args.with({ [NAME]: test, [TEST]: undefined });
}

/** The same for a scenario that is named elsewhere; `option` begins what is said of it. */
export async function loadScenarioArgument(option: string, text: string, cwd: string): Promise<void> {
  if (!isScenarioPlugIn(text)) {
    if (findScenario(text) !== undefined) return;
    const objection = kernelObjection(knownScenarios(), text, echoed);
    if (objection !== undefined) throw new UsageError(`${option}: ${objection}`);
    parseName(option, text, { kind: 'scenario', known: scenarios.map(({ name }) => name) });
    return;
  }
  if (isLitmusPath(text)) requireFile(option, text, cwd);
  else requireModule(option, text, cwd);
  await loadScenarioSafely(text);
}

function nameOnKernel(scenario: string | undefined, kernel: string): string {
  try {
    return scenarioOnKernel(scenario, kernel, echoed);
  } catch (error) {
    throw new UsageError(`--${KERNEL}: ${reasonOf(error)}`, { cause: error });
  }
}
