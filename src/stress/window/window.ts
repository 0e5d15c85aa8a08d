import { settingNamed } from '../../catalog/named-setting.ts';
import { describeStrategy } from '../../catalog/describe-strategy.ts';
import { controlOf, promisedIn } from '../../scenario/promises.ts';
import { BATCH } from '../actor/launched-trials.ts';
import { describeMachine } from '../host/environment.ts';
import { planParts } from '../plan/plan.ts';
import { windowHead } from './window-head.ts';
import { WindowLog } from './window-log.ts';
import type { JournaledWindow } from './window-record.ts';
import type { WindowResult } from './window-result.ts';
import { placesOf } from '../session/places.ts';
import { WindowRun } from './window-run.ts';
import { windowResultOf } from './window-summary.ts';

/**
 * Profiles a race window: the rates of violations and of what else is profiled over the offset at which the actors start. A
 * fix has the control visited in between, at the same offsets.
 * @throws As `runCompare`.
 */
export async function runWindow(options: JournaledWindow): Promise<WindowResult> {
  const setting = settingNamed(options);
  const { scenario } = setting;
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
  const { seed, journal, signal } = options;
  const parts = planParts(setting, { arms, worlds: BATCH, stride: BATCH, seed, isLaunched: true });
  const placement = await placesOf(options, setting.actors.length);
  const head = windowHead(options, { setting, parts, strategies, placement });
  const log = new WindowLog(head);
  const begun = await journal?.begin(head, await describeMachine(), (record) => log.add(record));
  const isWhole = begun?.isWhole === true;
  if (!isWhole) await new WindowRun(options, { setting, parts, placement, log }).toTheEnd();
  const isInterrupted = !isWhole && signal?.aborted === true;
  return windowResultOf(head, begun?.machine ?? (await describeMachine()), log, { isInterrupted });
}
