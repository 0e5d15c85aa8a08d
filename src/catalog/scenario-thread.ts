/** The thread in which the module of a scenario is loaded for the first time: see load-scenario-safely.ts. */
import { describeInThisThread } from '../fix/plug-in/described-here.ts';
import { loadScenario } from './load-scenario.ts';

describeInThisThread(async ({ source }): Promise<true> => {
  await loadScenario(source);
  return true;
});
