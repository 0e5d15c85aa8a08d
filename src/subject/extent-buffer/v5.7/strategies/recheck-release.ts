import { EB_BFLAGS, EB_REFS, EB_REFS_LOCK, type ExtentBuffer } from '../layout.ts';
import { EXTENT_BUFFER_TREE_REF } from '../bflags.ts';
import { Note } from '../note.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/**
 * releasepage looks twice. A finder raises the count and then looks at TREE_REF; releasepage clears TREE_REF and then
 * looks at the count: one of the two sees the other. It rests on that order, which the full barriers of
 * atomic_inc_not_zero and test_and_clear_bit keep on every machine.
 */
export const recheckRelease: ExtentBufferStrategy = ofExtentBuffer({
  name: 'recheck-release',
  expectation: 'holds',
  summary:
    'try_release reads refs again once TREE_REF is cleared; where it is not 1, it puts the bit back and refuses',
  origin: 'an alternative on the side of reclaim; not adopted',
  extend: (Base) =>
    class RecheckRelease extends Base {
      protected override releaseChecked(eb: ExtentBuffer): boolean {
        if (!this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) {
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          this.note(Note.ReleaseForeign);
          return false;
        }
        this.reached('releasepage:stripped');
        // Pairs with atomic_inc_not_zero and the look at TREE_REF behind it in whoever finds the buffer.
        if (this.mem.atomicRead(eb + EB_REFS) !== 1) {
          this.mem.setBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          this.note(Note.ReleaseRefused);
          return false;
        }
        const isGone = this.releaseExtentBuffer(eb);
        this.note(isGone ? Note.Released : Note.TreeRefStripped);
        return isGone;
      }
    },
});
