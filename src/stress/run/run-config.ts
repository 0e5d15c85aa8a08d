import { orderingPart } from '../../memory/ordering.ts';
import { actorsText } from '../../scenario/role-count.ts';
import { kernelIn } from '../../scenario/kernels.ts';
import type { Setting } from '../../scenario/setting.ts';
import type { RunOptions } from '../plan/options.ts';
import { placesConfig } from '../plan/places-config.ts';
import { arenaOf, type PlanParts } from '../plan/plan.ts';
import type { RunConfig } from '../result/result.ts';
import { amplificationOf } from '../tune/pace.ts';

/** What a configuration takes beside the options. */
export interface RunConfigParts {
  /** With the natural pace. */
  readonly parts: PlanParts;
  readonly setting: Setting;
  readonly instances: number;
}

/** Everything that is needed to make a run again, before anything is tuned. */
export function runConfigOf(
  options: Omit<RunOptions, 'strategies'>,
  { parts: plan, setting, instances }: RunConfigParts,
): RunConfig {
  const { budget, launch } = options;
  const { setupFail = 0 } = plan;
  return {
    scenario: plan.scenario,
    ...kernelIn(setting.scenario),
    start: plan.start,
    strategies: plan.arms.map(({ strategy }) => strategy),
    actors: actorsText(plan.actors),
    pages: plan.pages,
    ...orderingPart(setting.ordering),
    worlds: options.worlds,
    stride: options.stride,
    seed: options.seed,
    ...(options.shard !== undefined && { shard: options.shard }),
    durationMs: budget.kind === 'duration' ? budget.ms : null,
    trials: budget.kind === 'trials' ? budget.count : null,
    until: options.until ?? null,
    ...(options.starts !== undefined && { starts: options.starts }),
    ...placesConfig(options),
    fold: options.fold,
    trylockFail: plan.trylockFail,
    readFail: plan.readFail,
    ...(setupFail > 0 && { setupFail }),
    delays: plan.delays,
    waits: plan.waits ?? null,
    ...(launch !== undefined && {
      launch: { offsetNs: launch.offsetNs, lastToucher: setting.actors[launch.lastToucher]?.label ?? '' },
    }),
    ...(options.isTuned === true && { tune: true }),
    ...(plan.isProfiled === true && { profile: true }),
    amplification: amplificationOf(options),
    memoryBytes: instances * arenaOf(plan, setting).bytes,
  };
}
