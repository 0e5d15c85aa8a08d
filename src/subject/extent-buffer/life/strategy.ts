import type { Strategy } from '../../../fix/strategy.ts';
import type { ExtentBufferStrategy } from '../v5.7/strategy.ts';
import { ExtentBufferLife } from './extent-buffer-life.ts';

/** The model of whole lives, as a class to extend. */
export type LifeClass = typeof ExtentBufferLife;

/** A strategy for whole lives: that model with methods overridden. */
export interface LifeStrategy extends Strategy {
  extend(this: void, Base: LifeClass): LifeClass;
}

/** The strategy with the model that it changes. */
export function ofLife(strategy: Omit<LifeStrategy, 'Base'>): LifeStrategy {
  return { ...strategy, Base: ExtentBufferLife };
}

/** A strategy of v5.7/, for whole lives: what it overrides is there, too. */
export function asLife(strategy: ExtentBufferStrategy): LifeStrategy {
  return {
    ...strategy,
    Base: ExtentBufferLife,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it extends what it is given
    extend: (Base) => strategy.extend(Base) as LifeClass,
  };
}
