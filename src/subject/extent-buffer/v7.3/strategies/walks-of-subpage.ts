import { NULL } from '../../../../memory/layout.ts';
import { takeArrivedBio } from '../../../../model/block-layer.ts';
import { EXTENT_BUFFER_TREE_REF } from '../bflags.ts';
import { BIO_WRITE, EB_BFLAGS, EB_REFS_LOCK, type ExtentBuffer, FS_TREE_SLOT } from '../layout.ts';
import { Note } from '../note.ts';
import type { TodayStrategy } from '../strategy.ts';
import type { SubpageClass } from '../subpage.ts';

/**
 * try_release_subpage_extent_buffer of 6.16, when the buffer_tree was new: it walks over the slots of the folio under the xa_lock, with
 * interrupts off, and takes the refs_lock of each buffer inside of that.
 */
function walkUnderXaLock(Base: SubpageClass): SubpageClass {
  return class WalkUnderXaLock extends Base {
    protected override releaseBuffers(): void {
      this.xaLock();
      const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
      if (eb !== NULL) {
        this.mem.spinLock(eb + EB_REFS_LOCK);
        if (this.isHeld(eb)) this.mem.spinUnlock(eb + EB_REFS_LOCK);
        else this.releaseUnheld(eb);
      }
      this.xaUnlock();
    }

    protected override releaseUnheld(eb: ExtentBuffer): void {
      this.reached('releasepage:checked');
      if (!this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) {
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        this.note(Note.ReleaseForeign);
        return;
      }
      this.xaUnlock();
      this.dropOfTree(eb);
      this.xaLock();
    }
  };
}

/**
 * A kernel up to 6.18 whose refs_lock is taken with interrupts on: the completion of a write that has arrived runs inside of the
 * section, on the processor of the actor that holds it. Sections begin in many places; here the one of a put, and of a release, is
 * interrupted, right before the reference is dropped. An interrupt that comes elsewhere is an end-io actor's.
 */
function interrupted(Base: SubpageClass): SubpageClass {
  return class Interrupted extends Base {
    override releaseExtentBuffer(eb: ExtentBuffer): boolean {
      const bio = takeArrivedBio(this.mem, this.fsInfo);
      if ((bio & BIO_WRITE) !== 0) this.endBbioMetaWrite(bio, true);
      return super.releaseExtentBuffer(eb);
    }
  };
}

/** Linux 6.16, which takes the two locks in both orders. */
export const xaLockWalk: TodayStrategy = {
  name: 'xa-lock-walk',
  expectation: 'violates',
  summary:
    'Linux 6.16: takes refs_locks under the xa_lock, which the interrupt of a write wants under a refs_lock',
  origin: 'Linux before ad580dfa388f (2025)',
  extend: (Base: SubpageClass) => class XaLockWalk extends interrupted(walkUnderXaLock(Base)) {},
};

/** The kernel that mends the former. */
export const rcuWalk: TodayStrategy = {
  name: 'rcu-walk',
  expectation: 'holds',
  summary: 'Linux 6.17 and 6.18: finds buffers under RCU; writes complete in interrupts as before',
  origin: 'Linux ad580dfa388f, "btrfs: fix subpage deadlock in try_release_subpage_extent_buffer()"',
  extend: (Base: SubpageClass) => class RcuWalk extends interrupted(Base) {},
};

/** The walk of 6.16 in a kernel whose writes complete in tasks. */
export const xaLockWalkInTask: TodayStrategy = {
  name: 'xa-lock-walk-in-task',
  expectation: 'holds',
  summary: 'the walk of Linux 6.16, and completions in tasks, as since 7.1: no kernel had this',
  origin: 'Linux v7.3.4 without ad580dfa388f (2025)',
  extend: (Base: SubpageClass) => class XaLockWalkInTask extends walkUnderXaLock(Base) {},
};

/** The first kernel with a buffer_tree: whoever breaks out of the walk has given the xa_lock back already. */
export const unlockBeforeBreak: TodayStrategy = {
  name: 'unlock-before-break',
  expectation: 'violates',
  summary: 'drops the xa_lock before it looks at TREE_REF, and again where that is clear',
  origin: 'Linux before e5b559601177 (2025)',
  extend: (Base: SubpageClass) =>
    class UnlockBeforeBreak extends walkUnderXaLock(Base) {
      protected override releaseUnheld(eb: ExtentBuffer): void {
        this.xaUnlock();
        if (this.takeFromTree(eb)) this.xaLock();
      }
    },
};

/** The kernel that mends the former. */
export const breakBeforeUnlock: TodayStrategy = {
  name: 'break-before-unlock',
  expectation: 'holds',
  summary: 'looks at TREE_REF before it drops the xa_lock',
  origin: 'Linux e5b559601177, "btrfs: fix double unlock of buffer_tree xarray when releasing subpage eb"',
  extend: (Base: SubpageClass) => class BreakBeforeUnlock extends walkUnderXaLock(Base) {},
};

/** The walk under RCU as it came: whoever breaks out of it has left the read section already. */
export const unlockedRcuBreak: TodayStrategy = {
  name: 'unlocked-rcu-break',
  expectation: 'violates',
  summary: 'breaks out of the walk behind rcu_read_unlock, which follows once more',
  origin: 'Linux ad580dfa388f (2025) up to b2840e33127c (2026)',
  extend: (Base: SubpageClass) =>
    class UnlockedRcuBreak extends Base {
      protected override releaseUnheld(eb: ExtentBuffer): void {
        this.mem.rcuReadUnlock();
        if (this.takeFromTree(eb)) this.mem.rcuReadLock();
      }
    },
};
