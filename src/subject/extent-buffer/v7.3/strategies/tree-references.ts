import { EXTENT_BUFFER_TREE_REF } from '../bflags.ts';
import { EB_BFLAGS, EB_REFS_LOCK, type ExtentBuffer } from '../layout.ts';
import { Note } from '../note.ts';
import type { TodayStrategy } from '../strategy.ts';

/** The kernel of July 2012 in today's: the reference of the tree is looked at under the refs_lock alone. */
export const lockedCheck: TodayStrategy = {
  name: 'locked-check-today',
  expectation: 'holds',
  summary:
    'check_buffer_tree_ref takes the refs_lock before it looks at TREE_REF, however many references there are',
  origin: 'Linux 594831c4b232 (2012), up to 242e18c7c1a8 (2013), in v7.3.4',
  extend: (Base) =>
    class LockedCheck extends Base {
      override checkBufferTreeRef(eb: ExtentBuffer): boolean {
        this.mem.spinLock(eb + EB_REFS_LOCK);
        const wasClear = !this.mem.testAndSetBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
        if (wasClear) this.refcountInc(eb);
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        return wasClear;
      }
    },
};

/** Today's kernel without the handshake of 2015: a free_extent_buffer that has seen the old count is not waited for. */
export const withoutHandshake: TodayStrategy = {
  name: 'without-handshake',
  expectation: 'violates',
  summary: 'find_extent_buffer takes a STALE buffer as any other',
  origin: 'Linux v7.3.4 without 062c19e9dd69 (2015)',
  extend: (Base) =>
    class WithoutHandshake extends Base {
      override findExtentBuffer(): ExtentBuffer {
        const eb = this.findExtentBufferNolock();
        if (eb === 0) return eb;
        this.reached('find:ref');
        this.markExtentBufferAccessed(eb);
        this.note(Note.Found);
        return eb;
      }
    },
};
