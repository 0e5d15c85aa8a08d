import { isModulePath } from '../fix/plug-in/import-plug-in.ts';
import { nameChecks } from '../invariant/registry.ts';
import { readaheadVsReleasepage } from './readahead-vs-releasepage.ts';
import type { Scenario } from './scenario.ts';

/** The scenarios that come with the project, the default first. A new one is a file beside this and a line here. */
export const scenarios: readonly Scenario[] = [readaheadVsReleasepage];

/** Those of users that this thread has loaded, by their paths. */
const loaded = new Map<string, Scenario>();

/** Whether a name is that of a user's scenario: the path of a module. */
export function isScenarioPlugIn(name: string): boolean {
  return isModulePath(name);
}

/** The scenario of a name, or of the path of one that this thread has loaded; undefined if there is none. */
export function findScenario(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name) ?? loaded.get(name);
}

/**
 * As `findScenario`.
 * @throws {RangeError} If there is none.
 */
export function scenarioNamed(name: string): Scenario {
  const found = findScenario(name);
  if (found === undefined) throw new RangeError(`unknown scenario '${name}'`);
  return found;
}

/** Adds one that was loaded, for this thread. */
export function addScenario(scenario: Scenario): void {
  const { name, checks = [] } = scenario;
  loaded.set(name, scenario);
  nameChecks(
    checks.map(({ number, id, title, origin }) => ({ check: number, id, title, origin, grade: 'FORBIDDEN' })),
  );
}
