import { loadScenarioSafely } from '../catalog/load-scenario-safely.ts';
import { scenarioNamed, scenarios } from '../catalog/registry.ts';
import type { RoleCount } from '../scenario/scenario.ts';
import { resolveSetting, type Setting } from '../scenario/setting.ts';

/** The race of a call; what is left out is as on the command line. */
export interface GivenSetting {
  /** A name, or the path of a scenario's module. @default the first scenario of `scenarios` */
  readonly scenario?: string | undefined;
  /** @default the first start state of the scenario */
  readonly start?: string | undefined;
  /** @default those of the start state */
  readonly actors?: readonly RoleCount[] | undefined;
  /** Pages per extent_buffer, 1 to 16. @default 4 */
  readonly pages?: number | undefined;
}

/**
 * Loads the scenario and fixes the setting.
 * @throws {ScenarioError} If a module is no scenario.
 * @throws {RangeError} If there is no such scenario, start state or actor, or they do not fit together.
 */
export async function settingOf({ scenario, start, actors, pages }: GivenSetting): Promise<Setting> {
  const name = scenario ?? scenarios[0]?.name ?? '';
  await loadScenarioSafely(name);
  return resolveSetting({ scenario: scenarioNamed(name), start, actors, pages });
}
