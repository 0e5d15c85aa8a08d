import { lifeAtRest } from '../../src/subject/extent-buffer/life/at-rest.ts';
import { ExtentBufferLife } from '../../src/subject/extent-buffer/life/extent-buffer-life.ts';
import { lifeInvariants } from '../../src/subject/extent-buffer/life/invariants.ts';
import { lifeStructures } from '../../src/subject/extent-buffer/life/structures.ts';
import { INVARIANTS_OF_ALL } from '../../src/model/invariant.ts';
import { SlowDevice } from '../../src/model/block-layer.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { FS_OOPS } from '../../src/memory/layout.ts';
import { TestWorld, type TestWorldOptions } from './test-world.ts';

/** A world of buffers that are changed and written, with the buffer of `primed`. */
export class LifeWorld extends TestWorld {
  constructor(options: Omit<TestWorldOptions, 'structures'> = {}) {
    super({ pages: 1, ...options, structures: lifeStructures });
  }

  /** A model that runs in this world. */
  life(memory: SharedMemory = this.memory()): ExtentBufferLife {
    const model = new ExtentBufferLife({ memory, geometry: this.geometry, blockLayer: new SlowDevice() });
    model.fsInfo = this.fs;
    return model;
  }

  /** Runs `act` on such a model and returns the steps it took, a line each. */
  lifeTrace(act: (model: ExtentBufferLife) => void, onBlocked?: (step: string) => void): string {
    const memory = this.tracing();
    if (onBlocked !== undefined) memory.onBlocked = onBlocked;
    act(this.life(memory));
    return memory.trace.join('\n');
  }

  /** The id of the first invariant that is broken, at rest or before, or 'none'. */
  lifeVerdict(atRest: NonNullable<Scenario['atRest']> = lifeAtRest): string {
    const { words, geometry, fs } = this;
    const check = (words[fs + FS_OOPS] ?? 0) || atRest(words, geometry, fs);
    const all = [...INVARIANTS_OF_ALL, ...lifeInvariants];
    return check === 0 ? 'none' : (all.find((each) => each.check === check)?.id ?? `unknown check ${check}`);
  }
}
