/**
 * The package's interface: the commands as functions, with the defaults of the command line, and what strategies and scenarios of
 * one's own are written with.
 *
 *     import { compare, explore, report } from 'ebtorture';
 *     console.log(report(await explore({ strategy: './my-fix.mjs', pages: 1 })));
 *
 * A strategy is a module whose default export takes the pre-fix model and returns a subclass: see catalog/strategy-api.ts, which is
 * `ebtorture/strategy` and part of this. A scenario is a module with a race: see catalog/scenario-api.ts, which is `ebtorture/scenario`.
 */

export type { GivenSetting } from './api/given-setting.ts';
export {
  compare,
  type CompareOptions,
  explain,
  stress,
  type StressCallOptions,
  window,
  type WindowCallOptions,
} from './api/measure.ts';
export { report } from './api/report.ts';
export {
  explore,
  type ExploreCallOptions,
  type ExploreDocument,
  history,
  type HistoryCallOptions,
  hunt,
  type HuntCallOptions,
  mutate,
  type MutateCallOptions,
  replay,
} from './api/search.ts';
export type { ExploreLimits, ExploreResult, ExploreViolation, Witness } from './explore/explore.ts';
export { ScheduleError } from './explore/schedule/schedule.ts';
export type { Chances, Reductions } from './explore/search/session.ts';
export type { Replay, ReplayEnd, ReplayStep } from './explore/witness/replay.ts';
export { StrategyError } from './fix/plug-in/load.ts';
export * from './catalog/strategy-api.ts';
export type { Grade, Invariant } from './model/invariant.ts';
export { SavedResultError } from './report/saved/saved-result.ts';
export { invariants, scenarios, strategies } from './catalog/registry.ts';
export type { RoleCount, Scenario } from './scenario/scenario.ts';
export type { ScenarioPlugIn } from './catalog/scenario-api.ts';
export { ScenarioError } from './scenario/scenario-error.ts';
export { HarnessError, type HarnessErrorCode } from './stress/plan/harness-error.ts';
export type { Budget, Progress, RunOptions, StressOptions } from './stress/plan/options.ts';
export type { ClassArm, ClassClaim, ClassResult } from './stress/result/class-result.ts';
export type { Comparison, Silence } from './stress/result/comparison-result.ts';
export type { Disturbance } from './stress/result/disturbance.ts';
export type { Rate } from './stress/result/rate.ts';
export type * from './stress/result/result.ts';
export { runCompare, runStress } from './stress/run/run.ts';
export { decide, type DecideOptions } from './study/decide.ts';
export type { ClassPlan, InstancePlan } from './stress/topology/placement-plan.ts';
export { runWindow } from './stress/window/window.ts';
export type { WindowOptions } from './stress/window/window-options.ts';
export type * from './stress/window/window-result.ts';
export { type Agreement, type AgreedCompareResult, type ArmAgreement, runAgree } from './study/agree.ts';
export { type ExplainedTrial, type ExplainResult, type Observed, runExplain } from './study/explain.ts';
export type { MutateProgress } from './study/mutate.ts';
export type { HistoryResult, HistoryRow } from './study/history-result.ts';
export type { Finding, HuntResult } from './study/hunt/hunt-result.ts';
export type { HuntProgress } from './study/hunt/hunt.ts';
export type { MutateResult } from './study/mutate-result.ts';
