import { ExtentBufferModel } from './extent-buffer-model.ts';
import type { Strategy } from '../../../fix/strategy.ts';

/** The model before the fix, as a class to extend. */
export type ExtentBufferClass = typeof ExtentBufferModel;

/** A strategy of this subject: its model with methods overridden. */
export interface ExtentBufferStrategy extends Strategy {
  extend(this: void, Base: ExtentBufferClass): ExtentBufferClass;
}

/** The strategy with the model that it changes. */
export function ofExtentBuffer(strategy: Omit<ExtentBufferStrategy, 'Base'>): ExtentBufferStrategy {
  return { ...strategy, Base: ExtentBufferModel };
}
