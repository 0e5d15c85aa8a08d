import { describeStrategy, type StrategyDescription } from '../../catalog/describe-strategy.ts';
import { promisedIn } from '../../scenario/promises.ts';
import { scenarioNamed } from '../../catalog/registry.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { settingNamed } from '../../catalog/named-setting.ts';
import { noCompletion, type Setting } from '../../scenario/setting.ts';
import { shardSeed } from '../../stats/shard.ts';
import { checkWaits } from '../actor/waits.ts';
import type { RunOptions } from '../plan/options.ts';
import { orderingObjection } from '../plan/ordering-objection.ts';
import { type PlanParts, planParts } from '../plan/plan.ts';

/** What the options of a run ask for: nothing of it has been started. */
export interface AskedRun {
  readonly scenario: Scenario;
  /** By arm. */
  readonly strategies: readonly StrategyDescription[];
  readonly setting: Setting;
  /** The plan as it would be without any pace but the options' own. */
  readonly parts: PlanParts;
}

/** What a command adds to the options. */
export interface AskedHow {
  /** By arm, a name or the path of a plug-in. */
  readonly names: readonly string[];
  readonly isRecorded: boolean;
}

/**
 * What is to be run.
 * @throws {RangeError} If the options do not fit together.
 * @throws {StrategyError} If a plug-in is none.
 */
export async function askedRun(
  options: Omit<RunOptions, 'strategies'>,
  { names, isRecorded }: AskedHow,
): Promise<AskedRun> {
  const objection = orderingObjection(options.ordering);
  if (objection !== undefined) throw new RangeError(objection);
  const scenario = scenarioNamed(options.scenario);
  const strategies: StrategyDescription[] = [];
  for (const name of names) strategies.push(promisedIn(scenario, await describeStrategy(name, scenario)));
  if (options.worlds < 2 * options.stride) {
    throw new RangeError(
      `--worlds: expected at least two strides (${2 * options.stride}), got ${options.worlds}`,
    );
  }
  const setting = settingNamed(options);
  if (options.readFail > 0 && setting.completion === 'none') {
    throw new RangeError(`--read-fail: ${noCompletion(setting)}`);
  }
  if (options.waits !== undefined) checkWaits(options.waits, options.stride);
  const { worlds, stride, seed, shard, trylockFail, readFail, setupFail, delays, waits } = options;
  const arms = names.map((strategy, arm) => ({ strategy, overrides: strategies[arm]?.overrides ?? [] }));
  const parts = planParts(setting, {
    arms,
    worlds,
    stride,
    seed: shardSeed(seed, shard),
    shard,
    trylockFail,
    readFail,
    setupFail,
    delays,
    waits,
    isRecorded,
  });
  return { scenario, strategies, setting, parts };
}
