import { EB_BFLAGS, EB_REFS, type ExtentBuffer, PAGE_PRIVATE } from '../../v5.7/layout.ts';
import { NULL, type Page, PAGE_FLAGS } from '../../../../memory/layout.ts';
import { PG_PRIVATE } from '../../../../memory/page-flags.ts';
import { EXTENT_BUFFER_DIRTY, EXTENT_BUFFER_WRITEBACK } from '../../v5.7/bflags.ts';
import { Check } from '../check.ts';
import { type LifeClass, type LifeStrategy, ofLife } from '../strategy.ts';
import { kernelOf2012 } from './kernel-of-2012.ts';

/** The kernel of July 2012 whose writeback gets buffers out of page->private without the private_lock. */
function unlockedPrivate(Base: LifeClass): LifeClass {
  return class UnlockedPrivate extends kernelOf2012(Base) {
    protected override takeExtentBufferOf(page: Page, previous: ExtentBuffer): ExtentBuffer {
      if (!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) return NULL;
      const eb = this.readPointer(page + PAGE_PRIVATE);
      this.reached('write:private');
      this.warnOn(eb === NULL, Check.B4);
      return eb !== NULL && eb !== previous && this.mem.atomicIncNotZero(eb + EB_REFS) ? eb : NULL;
    }
  };
}

/** The kernel before b5bae2612af9, and the one that mended the transition to WRITEBACK. */
export const privateUnlocked: LifeStrategy = ofLife({
  name: 'private-unlocked',
  expectation: 'violates',
  summary: 'Linux v3.6: writeback takes a buffer out of page->private without the private_lock',
  origin: 'Linux before b5bae2612af9 (2012)',
  extend: (Base) => class PrivateUnlocked extends unlockedPrivate(Base) {},
});

/** The kernel that mends the former. */
export const privateLocked: LifeStrategy = ofLife({
  name: 'private-locked',
  expectation: 'holds',
  summary: 'Linux v3.7: writeback takes a buffer out of page->private under the private_lock',
  origin: 'Linux b5bae2612af9, "Btrfs: fix race when getting the eb out of page->private"',
  extend: (Base) => class PrivateLocked extends kernelOf2012(Base) {},
});

/** The kernel before 51561ffec961: between the two bits, nothing says that the buffer is about to be written. */
export const gapBeforeWriteback: LifeStrategy = ofLife({
  name: 'gap-before-writeback',
  expectation: 'violates',
  summary: 'Linux before v3.6: DIRTY is cleared and WRITEBACK is set without the refs_lock',
  origin: 'Linux before 51561ffec961 (2012)',
  extend: (Base) =>
    class GapBeforeWriteback extends unlockedPrivate(Base) {
      protected override startWriteback(eb: ExtentBuffer): boolean {
        if (!this.mem.testAndClearBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS)) return false;
        this.reached('write:clean');
        this.mem.setBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
        return true;
      }
    },
});

/** The kernel that mends the former; page->private is read without a lock in it all the same. */
export const lockedTransition: LifeStrategy = ofLife({
  name: 'locked-transition',
  expectation: 'holds',
  summary: 'Linux v3.6: DIRTY is cleared and WRITEBACK is set under the refs_lock',
  origin: 'Linux 51561ffec961, "Btrfs: lock the transition from dirty to writeback for an eb"',
  extend: (Base) => class LockedTransition extends unlockedPrivate(Base) {},
});
