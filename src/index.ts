/**
 * The package's interface: run the tool's commands from a program, and write a fix strategy of one's own.
 *
 * A strategy is a module whose default export takes the pre-fix model and returns a subclass: see fix/strategy-api.ts,
 * which is `ebtorture/strategy` and part of this.
 */

export { StrategyError } from './fix/plug-in/load.ts';
export { strategies } from './fix/registry.ts';
export * from './fix/strategy-api.ts';
export type { Grade, Invariant } from './invariant/invariant.ts';
export { invariants } from './invariant/registry.ts';
export { scenarios } from './scenario/registry.ts';
export { HarnessError, type HarnessErrorCode } from './stress/plan/harness-error.ts';
export type { Budget, Progress, RunOptions, StressOptions } from './stress/plan/options.ts';
export type * from './stress/result/result.ts';
export { runCompare, runStress } from './stress/run/run.ts';
export { decide, type DecideOptions } from './study/decide.ts';
export { runWindow } from './stress/window/window.ts';
export type { WindowOptions } from './stress/window/window-options.ts';
export type * from './stress/window/window-result.ts';
export { type Agreement, type AgreedCompareResult, type ArmAgreement, runAgree } from './study/agree.ts';
export { type ExplainedTrial, type ExplainResult, type Observed, runExplain } from './study/explain.ts';
