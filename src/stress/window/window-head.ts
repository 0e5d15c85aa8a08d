import { carriedWords, type ScenarioWords } from '../../catalog/words.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { kernelIn } from '../../scenario/kernels.ts';
import { type MeasureWords, profiled } from '../../scenario/measure.ts';
import { actorsText } from '../../scenario/role-count.ts';
import type { Setting } from '../../scenario/setting.ts';
import { shiftedActors } from '../actor/launched-trials.ts';
import { placesConfig } from '../plan/places-config.ts';
import type { PlanParts } from '../plan/plan.ts';
import type { RunArm } from '../run/run-head.ts';
import type { PlacementPlan } from '../topology/placement-plan.ts';
import type { WindowOptions } from './window-options.ts';
import type { WindowConfig } from './window-result.ts';

/**
 * What is known of a profile before its first visit, and what its result needs to know of it beside what it puts down: as
 * `RunHead`.
 */
export interface WindowHead {
  readonly config: WindowConfig;
  readonly words?: ScenarioWords;
  /** Its own strategy first, a control behind it. */
  readonly arms: readonly RunArm[];
  /** The profiled ones, in the order of what visits have noted. */
  readonly measures: readonly MeasureWords[];
  /** Labels, and those of the actors that a positive offset delays. */
  readonly actors: readonly string[];
  readonly shifted: readonly string[];
  /** Absent where nothing was planned. */
  readonly placement?: PlacementPlan;
}

/** What a head is made of beside the options. */
export interface WindowHeadParts {
  readonly setting: Setting;
  readonly parts: Pick<PlanParts, 'scenario' | 'start' | 'actors' | 'pages'>;
  readonly strategies: readonly Pick<Strategy, 'name' | 'expectation'>[];
  readonly placement: PlacementPlan | undefined;
}

/** That of a profile. */
export function windowHead(
  options: WindowOptions,
  { setting, parts, strategies, placement }: WindowHeadParts,
): WindowHead {
  const isShifted = shiftedActors(setting);
  const labels = setting.actors.map(({ label }) => label);
  return {
    config: configOf(options, { setting, parts }),
    ...carriedWords(setting.scenario),
    arms: strategies.map(({ name, expectation }, arm) => ({
      strategy: name,
      expectation,
      isControl: arm > 0,
    })),
    measures: profiled(setting.scenario.measures ?? []).map(({ note: _note, ...words }) => words),
    actors: labels,
    shifted: labels.filter((_, actor) => isShifted[actor]),
    ...(placement !== undefined && { placement }),
  };
}

function configOf(
  options: WindowOptions,
  { setting, parts }: Pick<WindowHeadParts, 'setting' | 'parts'>,
): WindowConfig {
  const { budget } = options;
  return {
    scenario: parts.scenario,
    ...kernelIn(setting.scenario),
    start: parts.start,
    strategy: options.strategy,
    actors: actorsText(parts.actors),
    pages: parts.pages,
    points: options.points,
    trialsPerPoint: budget.kind === 'trials' ? budget.count : null,
    durationMs: budget.kind === 'duration' ? budget.ms : null,
    rangeNs: options.rangeNs,
    seed: options.seed,
    ...placesConfig(options),
  };
}
