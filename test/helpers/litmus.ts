import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { ALL_REDUCTIONS, type Reductions } from '../../src/explore/search/session.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import { litmusScenario } from '../../src/scenario/litmus/litmus-scenario.ts';
import { parseLitmus } from '../../src/scenario/litmus/parse-litmus.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';

/** The scenario of a test. */
export function litmusOf(text: string): Scenario {
  return litmusScenario(parseLitmus(text), 'test.litmus');
}

/** All schedules of a test. */
export function searchedLitmus(
  scenario: Scenario,
  ordering: Ordering,
  reductions: Reductions = ALL_REDUCTIONS,
  witnessStatesMax = 0,
): ExploreResult {
  const [strategy] = scenario.subject.strategies;
  if (strategy === undefined) throw new RangeError('a litmus test has no strategy');
  const setting = resolveSetting({ scenario, ordering });
  return explore({ setting, strategy, reductions, limits: { countStatesMax: 0, witnessStatesMax } });
}

/** The final states of a test, those that meet its condition with an asterisk. */
export function finalStates(
  scenario: Scenario,
  ordering: Ordering,
  reductions: Reductions = ALL_REDUCTIONS,
): readonly string[] {
  const { litmus, complete } = searchedLitmus(scenario, ordering, reductions);
  if (!complete || litmus === undefined) throw new RangeError('the search of a litmus test is complete');
  return litmus.states;
}

/** Whether a final state meets the condition. */
export function isSeen(states: readonly string[]): boolean {
  return states.some((state) => state.startsWith('*'));
}
