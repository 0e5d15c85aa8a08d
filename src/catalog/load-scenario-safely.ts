import { describedInThread } from '../fix/plug-in/describe.ts';
import { loadScenario } from './load-scenario.ts';
import { findScenario, isLitmusPath, isScenarioPlugIn } from './registry.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';

/**
 * As `loadScenario`, for the first time: the module is loaded in a thread of its own before it is in this one, so that one
 * which never finishes loading ends with a sentence.
 * @throws {ScenarioError} If the module is no scenario.
 */
export async function loadScenarioSafely(name: string): Promise<void> {
  if (!isScenarioPlugIn(name) || findScenario(name) !== undefined) return;
  if (isLitmusPath(name)) return loadScenario(name);
  await describedInThread<true>(
    new URL('./scenario-thread', import.meta.url),
    { source: name, scenario: name },
    (message) => {
      throw new ScenarioError(message);
    },
  );
  await loadScenario(name);
}
