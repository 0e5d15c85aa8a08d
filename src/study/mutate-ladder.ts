import { scenarioNamed } from '../scenario/registry.ts';
import type { RoleCount } from '../scenario/scenario.ts';
import { resolveSetting, type Setting } from '../scenario/setting.ts';

/** A setting in which mutants are searched and stressed, as plain data. */
export interface Rung {
  readonly scenario: string;
  readonly start: string;
  readonly actors: readonly RoleCount[];
  readonly pages: number;
  /** Whether reads may fail. */
  readonly readsFail: boolean;
  /** Whether every trylock_page may fail. @default false */
  readonly trylocksFail?: boolean;
  /** Whether every read may fail to be set up. @default false */
  readonly setupsFail?: boolean;
}

const SEED_SCENARIO = 'readahead-vs-releasepage';

/**
 * The settings that a mutant is tried in, cheapest first, until one kills it. Two actors come first: they are what two
 * processors run side by side. Together they reach every step of the scenario but the wait for a buffer that was just
 * made stale.
 */
export const LADDER: readonly Rung[] = [
  rung('primed', 'finder=1,reclaim=1', 1),
  rung('primed', 'finder=1,reclaim=1', 2),
  rung('cold', 'readahead=1,reclaim=1', 1),
  rung('cold', 'readahead=2', 1),
  rung('primed', 'finder=2,reclaim=1', 1),
  rung('primed', 'finder=1,reclaim=1,end-io=1', 1, true),
  rung('cold', 'read=1,reclaim=1,end-io=1', 1, true),
  rung('primed', 'finder=1,reclaim=2', 2),
  rung('primed', 'finder=1,reclaim=2,end-io=1', 2),
  rung('cold', 'readahead=2,reclaim=1', 1),
  rung('primed', 'finder=2,reclaim=2', 1),
  rung('primed', 'finder=3,reclaim=1', 1),
];

/** A setting of the seed scenario; `actors` as `--actors` takes them. */
export function rung(start: string, actors: string, pages: number, readsFail = false): Rung {
  const counts = actors.split(',').map((text): RoleCount => {
    const [role = '', count = ''] = text.split('=');
    return { role, count: Number(count) };
  });
  return { scenario: SEED_SCENARIO, start, actors: counts, pages, readsFail };
}

/** The setting of a rung. */
export function settingOfRung({ scenario: name, start, actors, pages }: Rung): Setting {
  return resolveSetting({ scenario: scenarioNamed(name), start, actors, pages });
}
