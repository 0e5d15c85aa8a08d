import { huntedNamed } from './alphabets.ts';
import { isModulePath } from '../fix/plug-in/import-plug-in.ts';
import { lifeScenarios } from '../subject/extent-buffer/life/scenarios/registry.ts';
import { readaheadVsReleasepage } from '../subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { extentBuffer } from '../subject/extent-buffer/v5.7/subject.ts';
import type { Strategy } from '../fix/strategy.ts';
import type { Subject } from '../fix/subject.ts';
import type { Invariant } from '../model/invariant.ts';
import { invariantsOf } from '../scenario/checks.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The scenarios that come with the project, the default first. A new one is a file beside this and a line here. */
export const scenarios: readonly Scenario[] = [readaheadVsReleasepage, ...lifeScenarios];

/** The strategies of the project, controls first. */
export const strategies: readonly Strategy[] = extentBuffer.strategies;

/** The invariants that their trials are judged by. */
export const invariants: readonly Invariant[] = invariantsOf(extentBuffer);

/** Those of users that this thread has loaded, by their paths. */
const loaded = new Map<string, Scenario>();

/** Whether a name is that of a user's scenario: the path of a module. */
export function isScenarioPlugIn(name: string): boolean {
  return isModulePath(name);
}

/** The scenario of a name, of the path of one that this thread has loaded, or of the text of a hunted program; undefined if there is none. */
export function findScenario(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name) ?? loaded.get(name) ?? huntedNamed(name);
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
  loaded.set(scenario.name, scenario);
}

/** The subject of scenarios that bring none with them. */
export function builtInSubject(): Subject {
  return extentBuffer;
}
