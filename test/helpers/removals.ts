import { explore } from '../../src/explore/explore.ts';
import { formatMutation, mutantName } from '../../src/fix/mutation/mutation.ts';
import { isRemoval } from '../../src/fix/mutation/mutations-of.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import { planMutants } from '../../src/study/mutate-plan.ts';
import { surveyOf } from '../../src/study/survey.ts';

/** What the removal of a step brings: the invariants that it breaks, in the order of their ids, or the verdict of a search. */
export type Removals = Readonly<Record<string, string>>;

/**
 * Takes away every step of some functions of a strategy, one at a time, in a start state of a scenario with its own actors: stores and locks are left out,
 * tests are skipped with each of their answers.
 */
export async function removalsOf(
  scenario: string,
  strategy: string,
  functions: readonly string[],
  startName?: string,
): Promise<Removals> {
  const declared = scenarioNamed(scenario);
  const start = declared.starts.find(({ name }) => startName === undefined || name === startName);
  if (start === undefined) throw new RangeError(`'${scenario}' has no start '${startName}'`);
  const { name, actors } = start;
  const pages = declared.pages ?? 1;
  const survey = surveyOf(
    await loadStrategy(strategy, declared.subject),
    { scenario, start: name, actors, pages, readsFail: false },
    { timeMaxMs: Infinity, clock: () => 0 },
  );
  const found: Record<string, string> = {};
  for (const { mutation } of planMutants(true, [survey]).mutants) {
    if (!isRemoval(mutation.change) || !functions.includes(mutation.step.function)) continue;
    const { verdict, violations } = explore({
      setting: resolveSetting({ scenario: declared, start: name }),
      strategy: await loadStrategy(mutantName(strategy, mutation), declared.subject),
      limits: { countStatesMax: 0, witnessStatesMax: 0 },
    });
    const broken = violations.map(({ invariant }) => invariant).toSorted();
    found[formatMutation(mutation)] = broken.length > 0 ? broken.join(' ') : verdict;
  }
  return found;
}
