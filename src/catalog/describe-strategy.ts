import { describedInThread } from '../fix/plug-in/describe.ts';
import { isPlugIn, loadStrategy, StrategyError } from '../fix/plug-in/load.ts';
import type { Strategy } from '../fix/strategy.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** A strategy without its code. */
export interface StrategyDescription extends Omit<Strategy, 'Base' | 'extend'> {
  /** The methods that a plug-in overrides; empty for the strategies of the project. */
  readonly overrides: readonly string[];
}

/**
 * Describes a strategy of a scenario's subject as `loadStrategy` finds it. A plug-in is loaded in a thread of its own and not in this
 * one, so that one which never finishes loading ends with a sentence.
 * @throws {StrategyError} If there is none, or if a model cannot be made of it.
 */
export async function describeStrategy(
  source: string,
  { name: scenario, subject }: Scenario,
): Promise<StrategyDescription> {
  if (isPlugIn(source)) {
    return describedInThread(
      new URL('./strategy-thread', import.meta.url),
      { source, scenario },
      (message) => {
        throw new StrategyError(message);
      },
    );
  }
  const { name, expectation, summary, origin } = await loadStrategy(source, subject);
  return { name, expectation, summary, origin, overrides: [] };
}
