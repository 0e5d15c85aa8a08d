import { kernelObjection, nameOnKernel, playedOnText } from '../scenario/kernels.ts';
import { isScenarioPlugIn, knownScenarios, scenarios } from './registry.ts';

/**
 * The name of a scenario on a kernel, of the default one where none is named. `shown` is how a text of the user's is said again.
 * @throws {RangeError} If it is not played on that; half a sentence that says what there is.
 */
export function scenarioOnKernel(
  scenario: string | undefined,
  kernel: string,
  shown: (text: string) => string = (text) => `'${text}'`,
): string {
  const known = knownScenarios();
  const name = scenario ?? scenarios[0]?.name ?? '';
  if (isScenarioPlugIn(name))
    throw new RangeError(`a module is played on its own kernel only; ${playedOnText(known, kernel, shown)}`);
  const named = nameOnKernel(known, name, kernel);
  const objection = kernelObjection(known, named, shown);
  if (objection !== undefined) throw new RangeError(objection);
  return named;
}
