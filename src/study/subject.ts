import type { RoleCount } from '../scenario/scenario.ts';
import type { Setting } from '../scenario/setting.ts';

/** A strategy and where it is to run, as plain data. */
export interface Subject {
  /** A name, or the path of a plug-in. */
  readonly strategy: string;
  readonly scenario: string;
  readonly start: string;
  readonly actors: readonly RoleCount[];
  readonly pages: number;
}

/** A strategy in a setting, as plain data. */
export function subjectOf(setting: Setting, strategy: string): Subject {
  const { scenario, start, geometry } = setting;
  return {
    strategy,
    scenario: scenario.name,
    start: start.name,
    actors: setting.actors.map(({ role }) => ({ role: role.name, count: 1 })),
    pages: geometry.pages,
  };
}
