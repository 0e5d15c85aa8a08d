import { loadScenarioSafely } from '../catalog/load-scenario-safely.ts';
import { settingNamed, type SettingNames } from '../catalog/named-setting.ts';
import { scenarioNamed, scenarios } from '../catalog/registry.ts';
import { scenarioOnKernel } from '../catalog/scenario-on-kernel.ts';
import type { Setting } from '../scenario/setting.ts';

/** The race of a call; what is left out is as on the command line. */
export interface GivenSetting extends Omit<SettingNames, 'scenario'> {
  /** A name, or the path of a scenario's module. @default the first scenario of `scenarios` */
  readonly scenario?: string | undefined;
  /** Of a scenario that is played on several, such as `6.12`. @default the scenario's */
  readonly kernel?: string | undefined;
}

/**
 * Loads the scenario and fixes the setting.
 * @throws {ScenarioError} If a module is no scenario.
 * @throws {RangeError} If there is no such scenario, kernel, start state or actor, or they do not fit together.
 */
export async function settingOf({ scenario, kernel, ...names }: GivenSetting): Promise<Setting> {
  const given = scenario ?? scenarios[0]?.name ?? '';
  await loadScenarioSafely(given);
  const name = kernel === undefined ? given : onKernel(scenario, kernel);
  return settingNamed({ ...names, scenario: name });
}

/**
 * Refuses another ordering than sequential consistency where a command has no other.
 * @throws {RangeError} If the setting has one.
 */
export function requireSequential({ ordering }: Setting, command: string): void {
  if (ordering !== 'sc') throw new RangeError(`ordering: ${command} has no other than sc, got ${ordering}`);
}

function onKernel(scenario: string | undefined, kernel: string): string {
  if (scenario !== undefined) scenarioNamed(scenario);
  try {
    return scenarioOnKernel(scenario, kernel);
  } catch (error) {
    throw new RangeError(`kernel: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
