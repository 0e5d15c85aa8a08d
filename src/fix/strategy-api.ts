/**
 * `ebtorture/strategy`: what a fix strategy of one's own is written with, and nothing that runs it, so that a thread
 * loads it in a moment.
 *
 * A plug-in is a module whose default export is a `StrategyPlugIn`. It may say for which version of this interface it is
 * written, `export const apiVersion = 1`, and export `expectation`, `summary` and `origin` as `Strategy` has them.
 */

import type { ModelClass } from './strategy.ts';

export { API_VERSION } from './plug-in/module-checks.ts';
export type { Expectation, ModelClass, Strategy } from './strategy.ts';
export * from '../memory/layout.ts';
export * from '../memory/page-flags.ts';
export type { SharedMemory } from '../memory/shared-memory.ts';
export * from '../memory/bflags.ts';
export { Check, type CheckNumber } from '../model/check.ts';
export { EIO, type Wait, WAIT_COMPLETE, WAIT_NONE } from '../model/extent-buffer-io.ts';
export { ExtentBufferModel } from '../model/extent-buffer-model.ts';
export { Note, type NoteBit } from '../model/note.ts';
export { type PointName, POINTS } from '../model/point.ts';

/** The default export of a plug-in: takes the model before the fix and returns it with methods overridden. */
export type StrategyPlugIn = (Base: ModelClass) => ModelClass;
