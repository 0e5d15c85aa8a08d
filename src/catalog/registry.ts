import { huntedNamed } from './alphabets.ts';
import { isModulePath } from '../fix/plug-in/import-plug-in.ts';
import { lifeScenarios } from '../subject/extent-buffer/life/scenarios/registry.ts';
import { readaheadVsReleasepage } from '../subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { extentBuffer } from '../subject/extent-buffer/v5.7/subject.ts';
import { todayScenarios } from '../subject/extent-buffer/v7.3/scenarios/registry.ts';
import type { Strategy } from '../fix/strategy.ts';
import type { Subject } from '../fix/subject.ts';
import type { Invariant } from '../model/invariant.ts';
import { invariantsOf } from '../scenario/checks.ts';
import { calibrationScenario } from '../scenario/calibration/calibration-scenario.ts';
import { kernelObjection, scenarioIn } from '../scenario/kernels.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Kernels that are one model's but for what its strategies and its `kernels.ts` tell apart, and the races that are played in it. */
export interface Generation {
  /** As the folder of its subject is called. */
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  /** Names of the strategies that `history --matrix` tries in each of those races whose subject has them. */
  readonly fixes: readonly string[];
  /** Whether `ebtorture/strategy` is about its structures, so that `history` tries strategies of users in its races. */
  readonly takesPlugIns: boolean;
}

/** Oldest first; the first scenario of the first one is the default. A new generation is a folder beside the others and an entry here. */
export const generations: readonly Generation[] = [
  {
    name: 'v5.7',
    scenarios: [readaheadVsReleasepage, ...lifeScenarios],
    fixes: extentBuffer.strategies.map(({ name }) => name),
    takesPlugIns: true,
  },
  {
    name: 'v7.3',
    scenarios: todayScenarios,
    // What else there is belongs to one race each.
    fixes: ['none'],
    takesPlugIns: false,
  },
];

/** The scenarios that come with the project, the default first, each as its default kernel has it. */
export const scenarios: readonly Scenario[] = generations.flatMap((generation) => generation.scenarios);

/** The strategies of the project, controls first. */
export const strategies: readonly Strategy[] = extentBuffer.strategies;

/** The invariants that their trials are judged by. */
export const invariants: readonly Invariant[] = invariantsOf(extentBuffer);

/** Those of users that this thread has loaded, by their paths. */
const loaded = new Map<string, Scenario>();

/** Whether a name is that of a user's scenario: the path of a module or of a litmus test. */
export function isScenarioPlugIn(name: string): boolean {
  return isModulePath(name) || isLitmusPath(name);
}

/** Whether a name is the path of a litmus test, of which no code runs. */
export function isLitmusPath(name: string): boolean {
  return name.endsWith('.litmus');
}

/** All that this thread has, each as its default kernel has it. */
export function knownScenarios(): readonly Scenario[] {
  return [...scenarios, ...loaded.values()];
}

/** The scenario of a name, `NAME` or `NAME@KERNEL`, or of the path of one that this thread has loaded, or the text of a hunted program; undefined if there is none. What threads are calibrated by is found, too. */
export function findScenario(name: string): Scenario | undefined {
  return (
    scenarioIn(knownScenarios(), name) ??
    huntedNamed(name) ??
    (name === calibrationScenario.name ? calibrationScenario : undefined)
  );
}

/** Whether a scenario comes with the project, so that its name says everything, here and elsewhere. */
export function isOfProject(scenario: Scenario): boolean {
  return scenario.isPlugIn !== true && findScenario(scenario.name) === scenario;
}

/**
 * As `findScenario`.
 * @throws {RangeError} If there is none.
 */
export function scenarioNamed(name: string): Scenario {
  const found = findScenario(name);
  if (found === undefined)
    throw new RangeError(kernelObjection(knownScenarios(), name) ?? `unknown scenario '${name}'`);
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
