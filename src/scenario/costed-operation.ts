/** What the cost columns of the decision page count and time. */
import type { Geometry } from '../memory/layout.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import type { Model } from '../model/model.ts';

/** What reports must know of such an operation: plain data. */
export interface CostWords {
  /** Its name in results. */
  readonly name: string;
  /** Header of the column with its locks and atomics. */
  readonly column: string;
  /** Header of the column with its time; none without it. */
  readonly timeColumn?: string;
}

/** What it works with: a world of its own in which no other actor is. */
export interface CostContext<Class extends Model = Model> {
  readonly model: Class;
  readonly memory: SharedMemory;
  readonly geometry: Geometry;
  /** The bio that the model has submitted last, which the device hands back: no step. */
  readonly submittedBio: () => number;
}

/** An operation that meets nobody. */
export interface CostedOperation<Class extends Model = Model> extends CostWords {
  /** Name of the start state that its worlds are brought into. */
  readonly start: string;
  /** What happens before it, neither counted nor timed. @default nothing */
  prepare?(this: void, context: CostContext<Class>): void;
  run(this: void, context: CostContext<Class>): void;
}
