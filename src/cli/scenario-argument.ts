/** What `--scenario` and `--kernel` name: a scenario of the project, or a module. */
import { loadScenarioSafely } from '../catalog/load-scenario-safely.ts';
import { findScenario, isScenarioPlugIn, knownScenarios, scenarios } from '../catalog/registry.ts';
import { scenarioOnKernel } from '../catalog/scenario-on-kernel.ts';
import { kernelObjection } from '../scenario/kernels.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { echoed, parseName } from './parse.ts';
import { reasonOf } from './reason.ts';
import { requireModule } from './strategy-argument.ts';
import { UsageError } from './usage-error.ts';

const NAME = 'scenario';
const KERNEL = 'kernel';

/**
 * Makes the scenario of a command line known before the command asks for it. In the arguments that it returns the kernel stands where all
 * else looks for it, in the name of the scenario.
 * @throws {UsageError} If there is none of that name, none on that kernel, or no module in that place.
 * @throws {ScenarioError} If the module is no scenario.
 */
export async function loadGivenScenario(
  args: Arguments,
  { options }: Pick<Command, 'options'>,
  cwd: string,
): Promise<Arguments> {
  const has = (option: string): boolean => options.some(({ name }) => name === option);
  if (!has(NAME)) return args;
  const text = args.text(NAME);
  const kernel = has(KERNEL) ? args.text(KERNEL) : undefined;
  if (text !== undefined) await loadScenarioArgument(`--${NAME}`, text, cwd);
  return kernel === undefined ? args : args.with({ [NAME]: nameOnKernel(text, kernel), [KERNEL]: undefined });
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
  requireModule(option, text, cwd);
  await loadScenarioSafely(text);
}

function nameOnKernel(scenario: string | undefined, kernel: string): string {
  try {
    return scenarioOnKernel(scenario, kernel, echoed);
  } catch (error) {
    throw new UsageError(`--${KERNEL}: ${reasonOf(error)}`, { cause: error });
  }
}
