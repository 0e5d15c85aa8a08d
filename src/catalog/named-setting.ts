/**
 * A setting by names: plain data, which crosses to threads, stands in results and is what callers ask for. Whoever plays it
 * resolves it, here alone.
 */
import { actorsOf } from '../scenario/actors-of.ts';
import { type Ordering, orderingPart } from '../memory/ordering.ts';
import { scenarioNamed } from './registry.ts';
import type { RoleCount } from '../scenario/scenario.ts';
import { resolveSetting, type Setting } from '../scenario/setting.ts';

/** What a setting is asked for by; what is missing is as the scenario has it. */
export interface SettingNames {
  /** A name, or the path of a scenario that this thread has loaded. */
  readonly scenario: string;
  /** Name of a start state. @default the scenario's first */
  readonly start?: string | undefined;
  /** @default those of the start state */
  readonly actors?: readonly RoleCount[] | undefined;
  /** Pages per extent_buffer. @default 4 */
  readonly pages?: number | undefined;
  /** @default `sc` */
  readonly ordering?: Ordering | undefined;
}

/** The same with nothing missing but the default ordering. */
export interface NamedSetting extends SettingNames {
  readonly start: string;
  readonly actors: readonly RoleCount[];
  readonly pages: number;
}

/**
 * The setting that is asked for.
 * @throws {RangeError} If there is no such scenario, start state or role, or they do not fit together.
 */
export function settingNamed({ scenario, start, actors, pages, ordering }: SettingNames): Setting {
  return resolveSetting({ scenario: scenarioNamed(scenario), start, actors, pages, ordering });
}

/** What a setting is called: `settingNamed` gives it back. */
export function namesOfSetting(setting: Setting): NamedSetting {
  const { scenario, start, geometry, ordering } = setting;
  return {
    scenario: scenario.name,
    start: start.name,
    actors: actorsOf(setting),
    pages: geometry.pages,
    ...orderingPart(ordering),
  };
}
