/** The thread in which a strategy's plug-in is loaded for the first time: see describe-strategy.ts. */
import { describeInThisThread } from '../fix/plug-in/described-here.ts';
import { loadStrategy, modelOf } from '../fix/plug-in/load.ts';
import { overridesOf } from '../fix/plug-in/module-checks.ts';
import type { StrategyDescription } from './describe-strategy.ts';
import { loadScenario } from './load-scenario.ts';
import { scenarioNamed } from './registry.ts';

describeInThisThread(async ({ source, scenario }): Promise<StrategyDescription> => {
  await loadScenario(scenario);
  const strategy = await loadStrategy(source, scenarioNamed(scenario).subject);
  const { name, expectation, summary, origin, Base } = strategy;
  const overrides = overridesOf(modelOf(strategy), Base);
  return { name, expectation, summary, origin, overrides };
});
