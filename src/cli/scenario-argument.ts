/** What `--scenario` names: a scenario of the project, or a module. */
import { loadScenarioSafely } from '../catalog/load-scenario-safely.ts';
import { isScenarioPlugIn, scenarios } from '../catalog/registry.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { parseName } from './parse.ts';
import { requireModule } from './strategy-argument.ts';

const NAME = 'scenario';

/**
 * Makes the scenario of a command line known before the command asks for it.
 * @throws {UsageError} If there is none of that name, or no module in that place.
 * @throws {ScenarioError} If the module is no scenario.
 */
export async function loadGivenScenario(
  args: Arguments,
  { options }: Pick<Command, 'options'>,
  cwd: string,
): Promise<void> {
  const text = options.some(({ name }) => name === NAME) ? args.text(NAME) : undefined;
  if (text !== undefined) await loadScenarioArgument(`--${NAME}`, text, cwd);
}

/** The same for a scenario that is named elsewhere; `option` begins what is said of it. */
export async function loadScenarioArgument(option: string, text: string, cwd: string): Promise<void> {
  if (!isScenarioPlugIn(text)) {
    parseName(option, text, { kind: 'scenario', known: scenarios.map(({ name }) => name) });
    return;
  }
  requireModule(option, text, cwd);
  await loadScenarioSafely(text);
}
