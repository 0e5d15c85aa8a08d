import { EB_BFLAGS, EB_REFS, EB_REFS_LOCK, type ExtentBuffer, FS_TREE_SLOT } from '../../v5.7/layout.ts';
import { NULL } from '../../../../memory/layout.ts';
import { EXTENT_BUFFER_STALE, EXTENT_BUFFER_TREE_REF } from '../../v5.7/bflags.ts';
import { Note } from '../../v5.7/note.ts';
import type { LifeClass } from '../strategy.ts';

/**
 * Linux v3.5 in July 2012, as far as it differs from that of 2020 in the life of a buffer:
 * - check_buffer_tree_ref has no lock-free exit: it takes the refs_lock always (594831c4b232; before that never, see unlocked-check.ts);
 * - free_extent_buffer takes the refs_lock always;
 * - find_extent_buffer has no handshake.
 *
 * Left as in 2020, since no scenario of 2012 tells the difference: the look-up of who loses the race to insert a buffer (under the
 * buffer_lock then), the radix tree's deletion of a buffer that was never in it, and the verification of what is read.
 */
export function kernelOf2012(Base: LifeClass): LifeClass {
  return class KernelOf2012 extends Base {
    override checkBufferTreeRef(eb: ExtentBuffer): boolean {
      this.mem.spinLock(eb + EB_REFS_LOCK);
      const wasClear = !this.mem.testAndSetBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
      if (wasClear) this.mem.atomicInc(eb + EB_REFS);
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
      return wasClear;
    }

    override findExtentBuffer(): ExtentBuffer {
      this.mem.rcuReadLock();
      const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
      const isTaken = eb !== NULL && this.mem.atomicIncNotZero(eb + EB_REFS);
      this.mem.rcuReadUnlock();
      if (!isTaken) {
        this.note(eb === NULL ? Note.Missed : Note.DyingFound);
        return NULL;
      }
      this.reached('find:ref');
      this.markExtentBufferAccessed(eb, NULL);
      this.note(Note.Found);
      this.reached('find:done');
      return eb;
    }

    override freeExtentBuffer(eb: ExtentBuffer): void {
      this.reached('free:entry');
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
  };
}
