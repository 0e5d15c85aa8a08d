import {
  EB_BFLAGS,
  EB_REFS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_BUFFER_LOCK,
  FS_TREE_SLOT,
} from '../layout.ts';
import { NULL } from '../../../../memory/layout.ts';
import { EXTENT_BUFFER_IN_TREE, EXTENT_BUFFER_TREE_REF } from '../bflags.ts';
import { Check } from '../../../../model/check.ts';
import { Note } from '../note.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/**
 * releasepage claims the tree's reference before it touches TREE_REF: from 1 to 0 in one step, so that whoever comes
 * to use the buffer either keeps it (the count is 2) or does not get it (the count is 0). TREE_REF is never taken from
 * anybody. The count cannot have left 1 and come back in between: below 4 it only falls under the refs_lock. Nor can another
 * releasepage have claimed it before: a buffer without references lives only while private_lock is held.
 */
export const cmpxchgRelease: ExtentBufferStrategy = ofExtentBuffer({
  name: 'cmpxchg-release',
  expectation: 'holds',
  summary: 'try_release claims the last reference with cmpxchg(refs, 1, 0), and only then clears TREE_REF',
  origin: 'an alternative on the side of reclaim; not adopted',
  extend: (Base) =>
    class CmpxchgRelease extends Base {
      protected override releaseChecked(eb: ExtentBuffer): boolean {
        // Set and cleared under the refs_lock only: what this sees stays so.
        if (!this.mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) {
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          this.note(Note.ReleaseForeign);
          return false;
        }
        // Pairs with atomic_inc_not_zero in whoever finds the buffer: one of the two fails.
        if (this.mem.atomicCmpxchg(eb + EB_REFS, 1, 0) !== 1) {
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          this.note(Note.ReleaseRefused);
          return false;
        }
        this.mem.clearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
        this.reached('releasepage:stripped');
        this.releaseClaimedBuffer(eb);
        this.note(Note.Released);
        return true;
      }

      /** release_extent_buffer from where its count has fallen to zero. The caller holds the refs_lock. */
      protected releaseClaimedBuffer(eb: ExtentBuffer): void {
        const wasInTree = this.mem.testAndClearBit(EXTENT_BUFFER_IN_TREE, eb + EB_BFLAGS);
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        this.reached('release:zero');
        if (wasInTree) {
          this.mem.spinLock(this.fsInfo + FS_BUFFER_LOCK);
          this.mem.writeOnce(this.fsInfo + FS_TREE_SLOT, NULL);
          this.mem.spinUnlock(this.fsInfo + FS_BUFFER_LOCK);
        }
        this.reached('release:deleted');
        if (!this.btrfsReleaseExtentBufferPages(eb)) return;
        if (!this.mem.callRcuFree(eb)) this.violated(Check.DoubleFree);
      }
    },
});
