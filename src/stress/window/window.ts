import { scenarioNamed } from '../../catalog/registry.ts';
import { describeStrategy } from '../../catalog/describe-strategy.ts';
import { controlOf, promisedIn } from '../../scenario/promises.ts';
import { BATCH } from '../actor/launched-trials.ts';
import { type PlanParts } from '../plan/plan.ts';
import type { WindowOptions } from './window-options.ts';
import type { WindowResult } from './window-result.ts';
import { WindowRun } from './window-run.ts';
import { summarizeWindow } from './window-summary.ts';

/**
 * Profiles a race window: the rates of violations and of what else is profiled over the offset at which the actors start. A
 * fix has the control visited in between, at the same offsets.
 * @throws As `runCompare`.
 */
export async function runWindow(options: WindowOptions): Promise<WindowResult> {
  const scenario = scenarioNamed(options.scenario);
  const main = promisedIn(scenario, await describeStrategy(options.strategy, scenario));
  const control = controlOf(scenario);
  const strategies =
    main.expectation === 'holds'
      ? [main, promisedIn(scenario, await describeStrategy(control, scenario))]
      : [main];
  const arms = strategies.map(({ overrides }, arm) => ({
    strategy: arm === 0 ? options.strategy : control,
    overrides,
  }));
  const run = new WindowRun(options, partsOf(options, arms));
  await run.toTheEnd();
  return summarizeWindow(options, { strategies, run });
}

function partsOf(options: WindowOptions, arms: PlanParts['arms']): PlanParts {
  const scenario = scenarioNamed(options.scenario);
  const start = options.start ?? scenario.starts[0]?.name ?? '';
  return {
    scenario: scenario.name,
    start,
    actors: options.actors ?? scenario.starts.find(({ name }) => name === start)?.actors ?? [],
    pages: options.pages,
    worlds: BATCH,
    stride: BATCH,
    arms,
    seed: options.seed,
    trylockFail: 0,
    readFail: 0,
    delays: {},
  };
}
