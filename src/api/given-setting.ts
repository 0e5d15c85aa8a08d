import { loadScenarioSafely } from '../catalog/load-scenario-safely.ts';
import { settingNamed, type SettingNames } from '../catalog/named-setting.ts';
import { scenarios } from '../catalog/registry.ts';
import type { Setting } from '../scenario/setting.ts';

/** The race of a call; what is left out is as on the command line. */
export interface GivenSetting extends Omit<SettingNames, 'scenario'> {
  /** A name, or the path of a scenario's module. @default the first scenario of `scenarios` */
  readonly scenario?: string | undefined;
}

/**
 * Loads the scenario and fixes the setting.
 * @throws {ScenarioError} If a module is no scenario.
 * @throws {RangeError} If there is no such scenario, start state or actor, or they do not fit together.
 */
export async function settingOf({ scenario, ...names }: GivenSetting): Promise<Setting> {
  const name = scenario ?? scenarios[0]?.name ?? '';
  await loadScenarioSafely(name);
  return settingNamed({ ...names, scenario: name });
}
