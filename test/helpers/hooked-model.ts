import type { ModelClass } from '../../src/fix/strategy.ts';
import { ExtentBufferModel } from '../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import type { PointName } from '../../src/subject/extent-buffer/v5.7/point.ts';

/** What happens at the points of a model: each hook runs once, when its point is reached for the first time. */
export type Hooks = Partial<Record<PointName, () => void>>;

/** A model at whose points other actors act. */
export function hooked(hooks: Hooks, Base: ModelClass = ExtentBufferModel): ModelClass {
  const left = new Map(Object.entries(hooks));
  return class Hooked extends Base {
    protected override reached(point: PointName): void {
      const hook = left.get(point);
      left.delete(point);
      hook?.();
    }
  };
}
