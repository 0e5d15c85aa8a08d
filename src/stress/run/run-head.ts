import { carriedWords, type ScenarioWords } from '../../catalog/words.ts';
import type { Expectation } from '../../fix/strategy.ts';
import { gradedOf, type GradedScenario } from '../../scenario/graded.ts';
import type { ArmShare } from '../plan/arm-share.ts';
import type { RunOptions } from '../plan/options.ts';
import type { PlanParts } from '../plan/plan.ts';
import type { StartTimes } from '../plan/starts.ts';
import type { RunConfig } from '../result/result.ts';
import { instancesOf, type PlacementPlan } from '../topology/placement-plan.ts';
import type { AskedRun } from './asked-run.ts';
import { runConfigOf } from './run-config.ts';

/** An arm before it has run. */
export interface RunArm {
  /** The name of its strategy, and what that promises. */
  readonly strategy: string;
  readonly expectation: Expectation;
  /** Whether it is the interleaved control of a `stress` run. */
  readonly isControl: boolean;
}

/**
 * What is known of a run before its first block, and what its result needs to know of it beside what it puts down: plain data.
 * Whoever has it and the records can make the result again, without the code of its scenario or of its strategies.
 */
export interface RunHead {
  /** As in the result; without what tuning changes of it. */
  readonly config: RunConfig;
  readonly words?: ScenarioWords;
  readonly graded: GradedScenario;
  readonly arms: readonly RunArm[];
  /** Labels. */
  readonly actors: readonly string[];
  readonly shares: readonly ArmShare[];
  readonly times: StartTimes;
  readonly instances: number;
  /** Whether blocks tell of their instances. */
  readonly tellsInstances: boolean;
  /** Absent where nothing was planned. */
  readonly placement?: PlacementPlan;
  /** Where stores are to wait: the control that violates only then, null where none is known. */
  readonly weakControl?: string | null;
}

/** What a head is made of beside the options. */
export interface RunHeadParts {
  readonly asked: AskedRun;
  /** With the natural pace. */
  readonly parts: PlanParts;
  readonly isControlAdded: boolean;
  readonly shares: readonly ArmShare[];
  readonly times: StartTimes;
  readonly placement: PlacementPlan | undefined;
}

/** That of a run. */
export function runHead(
  options: Omit<RunOptions, 'strategies'>,
  { asked, parts, isControlAdded, shares, times, placement }: RunHeadParts,
): RunHead {
  const { scenario, setting, strategies } = asked;
  const instances = instancesOf(placement);
  return {
    config: runConfigOf(options, { parts, setting, instances }),
    ...carriedWords(scenario),
    graded: gradedOf(scenario),
    arms: strategies.map(({ name, expectation }, arm) => ({
      strategy: name,
      expectation,
      isControl: arm > 0 && isControlAdded,
    })),
    actors: setting.actors.map(({ label }) => label),
    shares,
    times,
    instances,
    tellsInstances: instances > 1 || options.placement !== undefined,
    ...(placement !== undefined && { placement }),
    ...(setting.ordering === 'x86' && { weakControl: scenario.weakControl ?? null }),
  };
}
