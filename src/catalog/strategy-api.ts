/**
 * `ebtorture/strategy`: what a fix strategy of one's own is written with, and nothing that runs it, so that a thread
 * loads it in a moment.
 *
 * A plug-in is a module whose default export is a `StrategyPlugIn`. It may say for which version of this interface it is
 * written, `export const apiVersion = 1`, and export `expectation`, `summary` and `origin` as `Strategy` has them.
 */

import type { ExtentBufferClass } from '../subject/extent-buffer/v5.7/strategy.ts';

export { API_VERSION } from '../fix/plug-in/module-checks.ts';
export type { Expectation, Strategy } from '../fix/strategy.ts';
export * from '../memory/layout.ts';
export * from '../memory/page-flags.ts';
export type { SharedMemory } from '../memory/shared-memory.ts';
export * from '../subject/extent-buffer/v5.7/bflags.ts';
export * from '../subject/extent-buffer/v5.7/layout.ts';
export type { ExtentBufferClass as ModelClass } from '../subject/extent-buffer/v5.7/strategy.ts';
export { Check, type CheckNumber } from '../subject/extent-buffer/v5.7/check.ts';
export { EIO, type Wait, WAIT_COMPLETE, WAIT_NONE } from '../subject/extent-buffer/v5.7/extent-buffer-io.ts';
export { ExtentBufferModel } from '../subject/extent-buffer/v5.7/extent-buffer-model.ts';
export { Note, type NoteBit } from '../subject/extent-buffer/v5.7/note.ts';
export { type PointName, POINTS } from '../subject/extent-buffer/v5.7/point.ts';

/** The default export of a plug-in: takes the model before the fix and returns it with methods overridden. */
export type StrategyPlugIn = (Base: ExtentBufferClass) => ExtentBufferClass;
