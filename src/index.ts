/**
 * The package's interface: run the tool's commands from a program, and write a fix strategy of one's own.
 *
 * A strategy is a module whose default export takes the pre-fix model and returns a subclass:
 *
 *     export default (Base) =>
 *       class extends Base {
 *         setIoPages(eb, numReads) {
 *           super.setIoPages(eb, numReads);
 *           this.checkBufferTreeRef(eb);
 *         }
 *       };
 */

export { StrategyError } from './fix/load.ts';
export type { Expectation, ModelClass, Strategy } from './fix/strategy.ts';
export type { Grade, Invariant } from './invariant/invariant.ts';
export { invariants } from './invariant/registry.ts';
export * from './memory/layout.ts';
export * from './memory/page-flags.ts';
export type { SharedMemory } from './memory/shared-memory.ts';
export * from './model/bflags.ts';
export { Check, type CheckNumber } from './model/check.ts';
export { EIO, type Wait, WAIT_COMPLETE, WAIT_NONE } from './model/extent-buffer-io.ts';
export { ExtentBufferModel } from './model/extent-buffer-model.ts';
export { Note, type NoteBit } from './model/note.ts';
export { type PointName, POINTS } from './model/point.ts';
export { strategies } from './fix/registry.ts';
export { scenarios } from './scenario/registry.ts';
export { HarnessError, type HarnessErrorCode } from './stress/harness-error.ts';
export type { Budget, Progress, RunOptions, StressOptions } from './stress/options.ts';
export type * from './stress/result.ts';
export { runCompare, runStress } from './stress/run.ts';
export { runWindow } from './stress/window.ts';
export type { WindowOptions } from './stress/window-options.ts';
export type * from './stress/window-result.ts';
