/** The thread in which a strategy's plug-in is loaded for the first time: see describe.ts. */
import { ExtentBufferModel } from '../../model/extent-buffer-model.ts';
import type { StrategyDescription } from './describe.ts';
import { describeInThisThread } from './described-here.ts';
import { loadStrategy, modelOf } from './load.ts';
import { overridesOf } from './module-checks.ts';

describeInThisThread(async (source): Promise<StrategyDescription> => {
  const strategy = await loadStrategy(source);
  const { name, expectation, summary, origin } = strategy;
  const overrides = overridesOf(modelOf(strategy), ExtentBufferModel);
  return { name, expectation, summary, origin, overrides };
});
