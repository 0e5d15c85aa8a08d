import { orderingPart } from '../../memory/ordering.ts';
import { actorsText } from '../../scenario/role-count.ts';
import { kernelIn } from '../../scenario/kernels.ts';
import type { Setting } from '../../scenario/setting.ts';
import type { RunOptions } from '../plan/options.ts';
import { placesConfig } from '../plan/places-config.ts';
import { arenaOf } from '../plan/plan.ts';
import type { RunPlan } from '../plan/protocol.ts';
import type { RunConfig } from '../result/result.ts';
import type { Tuning } from '../result/tuning-result.ts';
import { amplificationOf } from '../tune/pace.ts';

/** What a configuration takes beside the options. */
export interface RunConfigParts {
  readonly plan: RunPlan;
  readonly setting: Setting;
  readonly tuning: Tuning | undefined;
  readonly instances: number;
}

/** Everything that is needed to make a run again. */
export function runConfigOf(
  options: Omit<RunOptions, 'strategies'>,
  { plan, setting, tuning, instances }: RunConfigParts,
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
    seed: plan.seed,
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
    ...(plan.isProfiled && { profile: true }),
    amplification: amplificationOf(options, tuning),
    memoryBytes: instances * arenaOf(plan, setting).bytes,
  };
}
