import { EB_BFLAGS, EB_REFS, type ExtentBuffer, PAGE_PRIVATE } from '../../v5.7/layout.ts';
import { NULL, type Page, PAGE_FLAGS } from '../../../../memory/layout.ts';
import { PG_PRIVATE } from '../../../../memory/page-flags.ts';
import { EXTENT_BUFFER_DIRTY, EXTENT_BUFFER_WRITEBACK } from '../../v5.7/bflags.ts';
import { type LifeClass, type LifeStrategy, ofLife } from '../strategy.ts';

/** The first version of the fix of 2020, as far as it concerns writes: not needed, since a write has guards of its own. */
export const writeCheck: LifeStrategy = ofLife({
  name: 'write-check',
  expectation: 'holds',
  summary: 'check_buffer_tree_ref in write_one_eb, too, next to where it sets io_pages',
  origin: 'the first version of Linux 6bf9cd2eed9a (2020), not merged',
  extend: (Base) => checksWrites(class WriteCheck extends Base {}),
});

/**
 * What would have needed that check: a write without all of its guards. releasepage does not look at the flags of the page, the bits
 * change without the refs_lock, and page->private is read without the private_lock. One of the three is enough to make it sound.
 */
export const unguardedWrite: LifeStrategy = ofLife({
  name: 'unguarded-write',
  expectation: 'violates',
  summary: 'no look at PageDirty, no refs_lock around DIRTY to WRITEBACK, no private_lock in the writeback',
  origin: 'control: what keeps the write path sound, taken away',
  extend: (Base) => unguarded(Base),
});

/** The control, mended by the check that was left out. */
export const unguardedWriteCheck: LifeStrategy = ofLife({
  name: 'unguarded-write-check',
  expectation: 'holds',
  summary: 'unguarded-write with the check_buffer_tree_ref of the first version',
  origin: 'what the first version of Linux 6bf9cd2eed9a (2020) would have been good for',
  extend: (Base) => checksWrites(unguarded(Base)),
});

function checksWrites(Base: LifeClass): LifeClass {
  return class ChecksWrites extends Base {
    protected override writeOneEb(eb: ExtentBuffer): number {
      this.checkBufferTreeRef(eb);
      return super.writeOneEb(eb);
    }
  };
}

function unguarded(Base: LifeClass): LifeClass {
  return class Unguarded extends Base {
    override btreeReleasepage(page: Page): boolean {
      return this.tryReleaseExtentBuffer(page);
    }

    protected override takeExtentBufferOf(page: Page, previous: ExtentBuffer): ExtentBuffer {
      if (!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) return NULL;
      const eb = this.readPointer(page + PAGE_PRIVATE);
      return eb !== NULL && eb !== previous && this.mem.atomicIncNotZero(eb + EB_REFS) ? eb : NULL;
    }

    protected override startWriteback(eb: ExtentBuffer): boolean {
      if (!this.mem.testAndClearBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS)) return false;
      this.mem.setBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
      return true;
    }
  };
}
