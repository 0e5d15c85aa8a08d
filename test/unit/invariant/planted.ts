import type { ModelClass } from '../../../src/fix/strategy.ts';
import type { AtomicsMemory } from '../../../src/memory/atomics-memory.ts';
import type { CheckNumber } from '../../../src/subject/extent-buffer/v5.7/check.ts';
import type { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import type { TestWorld, TestWorldOptions, WordValue } from '../../helpers/test-world.ts';

/** A bug and its repaired twin: they differ in the state or in the model, never in what is run. */
export interface Planted {
  readonly check: CheckNumber;
  readonly bug: string;
  readonly world?: TestWorldOptions;
  /** What both have in common. */
  readonly state?: Readonly<Record<string, WordValue>>;
  readonly buggy: Plant;
  readonly repaired?: Plant;
  readonly run: (model: ExtentBufferModel, world: TestWorld) => void;
}

export interface Plant {
  readonly state?: Readonly<Record<string, WordValue>>;
  readonly Model?: ModelClass;
  readonly memory?: (world: TestWorld) => AtomicsMemory;
}

/** Bits of a buffer that is idle, and of a page that is attached. */
export const IDLE: readonly string[] = ['TREE_REF', 'IN_TREE'];
export const ATTACHED: readonly string[] = ['REFERENCED', 'PRIVATE'];
