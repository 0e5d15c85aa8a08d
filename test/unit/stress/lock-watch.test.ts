import { describe, expect, it } from 'vitest';
import { FS_OOPS, type FsInfo, type Geometry } from '../../../src/memory/layout.ts';
import { LockRules } from '../../../src/memory/lock-rules.ts';
import { LockWatch } from '../../../src/stress/actor/lock-watch.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { FS_BUFFER_LOCK, FS_PRIVATE_LOCK } from '../../../src/subject/extent-buffer/v5.7/layout.ts';

const geometry: Geometry = { structures: ExtentBufferModel.structures, pages: 1, buffers: 1 };
const FS = 64 as FsInfo;

function watched(): { readonly watch: LockWatch; readonly words: Int32Array } {
  const words = new Int32Array(512);
  const watch = new LockWatch({ words, rules: new LockRules(geometry), actor: 'finder' });
  watch.enter(FS);
  return { watch, words };
}

/** Takes a lock in a function. */
function take(watch: LockWatch, lock: number, name: string): void {
  const step = watch.stepOf('spinLock', FS + lock, 0);
  watch.openFunctions = () => [name];
  watch.before(step);
  watch.after(step, 0);
}

describe('a watch of locks', () => {
  it('notes where one was taken and where the other is, once', () => {
    const { watch } = watched();
    for (let trial = 0; trial < 2; trial++) {
      watch.enter(FS);
      take(watch, FS_PRIVATE_LOCK, 'outer');
      take(watch, FS_BUFFER_LOCK, 'inner');
    }

    expect(watch.nestings).toEqual([
      {
        actor: 'finder',
        held: { lock: 'private_lock', operation: 'spin_lock', functions: ['outer'] },
        taken: { lock: 'buffer_lock', operation: 'spin_lock', functions: ['inner'] },
      },
    ]);
  });

  it('notes nothing of a trial that is violated, in which an actor may go on without its lock', () => {
    const { watch, words } = watched();
    take(watch, FS_PRIVATE_LOCK, 'outer');
    words[FS + FS_OOPS] = 1;
    take(watch, FS_BUFFER_LOCK, 'inner');

    expect(watch.nestings).toEqual([]);
  });

  it('forgets what was held in the trial before', () => {
    const { watch } = watched();
    take(watch, FS_PRIVATE_LOCK, 'outer');
    watch.enter(FS);
    take(watch, FS_BUFFER_LOCK, 'inner');

    expect(watch.nestings).toEqual([]);
  });
});
