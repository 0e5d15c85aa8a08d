/** What strategies promise in a scenario, and which of them is its control. */
import type { Expectation, Strategy } from '../fix/strategy.ts';
import type { Ordering } from '../memory/ordering.ts';
import type { Scenario } from './scenario.ts';

/** The kernel before the fix: the control of a scenario that declares no other. */
export const CONTROL_DEFAULT = 'none';

/** The strategy that is known to violate in a scenario, and is run beside what holds there. */
export function controlOf({ control }: Pick<Scenario, 'control'>): string {
  return control ?? CONTROL_DEFAULT;
}

/** The control that a run has besides where stores wait: without it nothing shows that it mattered. None where none is known. */
export function weakControlsOf(
  { weakControl }: Pick<Scenario, 'weakControl'>,
  ordering: Ordering | undefined,
): readonly string[] {
  return ordering === 'x86' && weakControl !== undefined ? [weakControl] : [];
}

/** A strategy with what it promises in a scenario: what that declares of it, or else what the strategy says itself. */
export function promisedIn<Described extends Pick<Strategy, 'name' | 'expectation'>>(
  { promises }: Pick<Scenario, 'promises'>,
  strategy: Described,
): Described {
  return { ...strategy, expectation: promiseOf(promises, strategy.name) ?? strategy.expectation };
}

function promiseOf(promises: Scenario['promises'], name: string): Expectation | undefined {
  return promises !== undefined && Object.hasOwn(promises, name) ? promises[name] : undefined;
}
