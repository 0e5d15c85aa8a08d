/** What the cost columns of the decision page count and time. */
import type { Geometry } from '../memory/layout.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import type { ExtentBufferModel } from '../model/extent-buffer-model.ts';

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
export interface CostContext {
  readonly model: ExtentBufferModel;
  readonly memory: SharedMemory;
  readonly geometry: Geometry;
  /** The bio that the model has submitted last, which the device hands back: no step. */
  readonly submittedBio: () => number;
}

/** An operation that meets nobody. */
export interface CostedOperation extends CostWords {
  /** Name of the start state that its worlds are brought into. */
  readonly start: string;
  /** What happens before it, neither counted nor timed. @default nothing */
  readonly prepare?: (context: CostContext) => void;
  readonly run: (context: CostContext) => void;
}
