import { EB_BFLAGS, EB_REFS, EB_REFS_LOCK, type ExtentBuffer } from '../../v5.7/layout.ts';
import { EXTENT_BUFFER_STALE, EXTENT_BUFFER_TREE_REF } from '../../v5.7/bflags.ts';
import { Note } from '../../v5.7/note.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/** free_extent_buffer that drops references without the refs_lock as long as more than `spared` are left. */
function withThreshold(spared: number): Pick<LifeStrategy, 'extend'> {
  return {
    extend: (Base) =>
      class PutThreshold extends Base {
        override freeExtentBuffer(eb: ExtentBuffer): void {
          this.reached('free:entry');
          for (;;) {
            const refs = this.mem.atomicRead(eb + EB_REFS);
            if (refs <= spared) break;
            if (this.mem.atomicCmpxchg(eb + EB_REFS, refs, refs - 1) === refs) return;
          }
          this.mem.spinLock(eb + EB_REFS_LOCK);
          if (
            this.mem.atomicRead(eb + EB_REFS) === 2 &&
            this.mem.testBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS) &&
            !this.extentBufferUnderIo(eb) &&
            this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)
          ) {
            this.mem.atomicDec(eb + EB_REFS);
          }
          if (this.releaseExtentBuffer(eb)) this.note(Note.LastPut);
        }
      },
  };
}

/** The threshold of 2013 one lower: the count comes to 2, which decides about STALE buffers, behind the back of who holds the lock. */
export const putAboveTwo: LifeStrategy = ofLife({
  name: 'put-above-two',
  expectation: 'violates',
  summary: 'free_extent_buffer takes the refs_lock where 2 references are left or fewer, instead of 3',
  origin: 'a mutant of Linux 242e18c7c1a8 (2013)',
  ...withThreshold(2),
});

/** Two lower. */
export const putAboveOne: LifeStrategy = ofLife({
  name: 'put-above-one',
  expectation: 'violates',
  summary: 'free_extent_buffer takes the refs_lock for the last reference only',
  origin: 'a mutant of Linux 242e18c7c1a8 (2013)',
  ...withThreshold(1),
});
