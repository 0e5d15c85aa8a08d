import type { Grade } from '../model/invariant.ts';
import { checksOf } from './checks.ts';
import type { Measure } from './measure.ts';
import type { Scenario, LitmusAsked } from './scenario.ts';

/** What the counts of a scenario's trials mean: plain data, so that counts can be read where the scenario is not. */
export interface GradedScenario {
  /** By outcome index. */
  readonly outcomes: readonly { readonly name: string; readonly grade: Grade }[];
  readonly measures: readonly Measure[];
  /** The checks that have a name, with their numbers. */
  readonly checks: readonly { readonly id: string; readonly check: number }[];
  /** The test that it is made of. @default none */
  readonly litmus?: LitmusAsked;
}

/** That of a scenario. */
export function gradedOf(scenario: Scenario): GradedScenario {
  return {
    outcomes: scenario.outcomes.map(({ name, grade }) => ({ name, grade })),
    measures: scenario.measures ?? [],
    checks: checksOf(scenario).map(({ id, check }) => ({ id, check })),
    ...litmusPart(scenario),
  };
}

function litmusPart({ litmus }: Scenario): Pick<GradedScenario, 'litmus'> {
  if (litmus === undefined) return {};
  const { test, quantifier, condition } = litmus;
  return { litmus: { test, quantifier, condition } };
}
