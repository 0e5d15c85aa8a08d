import {
  EB_BFLAGS,
  EB_PAGES,
  EB_REFS,
  type ExtentBuffer,
  FS_BUFFER_LOCK,
  FS_TREE_SLOT,
  PAGE_PRIVATE,
} from '../../v5.7/layout.ts';
import { NULL, type Page, PAGE_FLAGS, pageAt } from '../../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE } from '../../../../memory/page-flags.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
} from '../../v5.7/bflags.ts';
import { Check } from '../check.ts';
import { Note } from '../../v5.7/note.ts';
import { type LifeClass, type LifeStrategy, ofLife } from '../strategy.ts';

/**
 * References of Linux v2.6.38. releasepage looks for the buffer of a page in the tree, under the buffer_lock, and claims it with its
 * last reference, that of the tree; from a page whose buffer it does not find there it takes page->private. A put is a decrement, and
 * no put but that of releasepage is the last one.
 *
 * A buffer is named by page->private here, as it has been since 2012; then it said only that the page is one of metadata. The
 * reference of the tree has no bit of its own in 2011: TREE_REF, set with it and cleared with it, is there for the checks at rest.
 */
function releaseOf2011(Base: LifeClass): LifeClass {
  return class ReleaseOf2011 extends Base {
    /** The reference of the tree, once the buffer is in it. */
    override checkBufferTreeRef(eb: ExtentBuffer): boolean {
      this.mem.setBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
      this.mem.atomicInc(eb + EB_REFS);
      return false;
    }

    override markExtentBufferAccessed(_eb: ExtentBuffer, accessed: Page): void {
      for (let index = 0; index < this.geometry.pages; index++) {
        const page = pageAt(this.fsInfo, index);
        if (page !== accessed) this.markPageAccessed(page);
      }
    }

    override freeExtentBuffer(eb: ExtentBuffer): void {
      this.reached('free:entry');
      this.warnOn(this.mem.atomicDecAndTest(eb + EB_REFS), Check.B3);
    }

    override tryReleaseExtentBuffer(page: Page): boolean {
      // As try_to_release_page, which asks for a page with private data only.
      if (!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
        this.note(Note.ReleaseEmpty);
        return true;
      }
      const bufferLock = this.fsInfo + FS_BUFFER_LOCK;
      this.mem.spinLock(bufferLock);
      const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
      const isKept =
        eb !== NULL &&
        (this.mem.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS) ||
          this.mem.atomicCmpxchg(eb + EB_REFS, 1, 0) !== 1);
      if (isKept) {
        this.mem.spinUnlock(bufferLock);
        this.note(Note.ReleaseRefused);
        return false;
      }
      if (eb !== NULL) {
        this.mem.clearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
        this.mem.clearBit(EXTENT_BUFFER_IN_TREE, eb + EB_BFLAGS);
        this.mem.writeOnce(this.fsInfo + FS_TREE_SLOT, NULL);
      }
      this.mem.spinUnlock(bufferLock);
      this.note(Note.Released);
      if (eb === NULL) this.dropPrivate(page);
      else this.freeReleased(eb);
      return true;
    }

    /** What btree_releasepage does to a page without a buffer. */
    protected dropPrivate(page: Page): void {
      this.mem.clearBit(PG_PRIVATE, page + PAGE_FLAGS);
      this.mem.writeOnce(page + PAGE_PRIVATE, NULL);
      this.putPage(page);
    }

    protected freeReleased(eb: ExtentBuffer): void {
      if (!this.btrfsReleaseExtentBufferPages(eb)) return;
      if (!this.mem.callRcuFree(eb)) this.violated(Check.DoubleFree);
    }
  };
}

/** The kernel before February 2011: the pages of a new buffer are unlocked before it is in the tree. */
export const pagesUnlockedEarly: LifeStrategy = ofLife({
  name: 'pages-unlocked-early',
  expectation: 'violates',
  summary: 'Linux v2.6.37: releasepage goes by the tree, and pages are unlocked before their buffer is in it',
  origin: 'Linux before eb14ab8ed24a (2011)',
  extend: (Base) =>
    class PagesUnlockedEarly extends releaseOf2011(Base) {
      override allocExtentBuffer(): ExtentBuffer {
        const found = this.findExtentBuffer();
        if (found !== NULL) return found;
        const eb = this.mem.kmemCacheZalloc(this.fsInfo);
        this.mem.atomicSet(eb + EB_REFS, 1);
        let areAllUptodate = true;
        for (let index = 0; index < this.geometry.pages; index++) {
          const page = this.findOrCreatePage(index);
          const exists = this.attachExtentBufferPage(eb, page);
          if (exists !== NULL) return this.freeNewBuffer(eb, 0, exists);
          this.warnOn(this.mem.testBit(PG_DIRTY, page + PAGE_FLAGS), Check.B6);
          this.mem.writeOnce(eb + EB_PAGES, index + 1);
          if (!this.isPageUptodate(page)) areAllUptodate = false;
          this.mem.unlockPage(page);
        }
        if (areAllUptodate) this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
        this.reached('alloc:attached');
        while (!this.radixTreeInsert(eb)) {
          const exists = this.findExtentBuffer();
          if (exists !== NULL) return this.freeNewBuffer(eb, 0, exists);
          this.mem.cpuRelax();
        }
        this.checkBufferTreeRef(eb);
        this.mem.setBit(EXTENT_BUFFER_IN_TREE, eb + EB_BFLAGS);
        this.note(Note.Allocated);
        return eb;
      }
    },
});

/** The kernel that mends it: whoever comes to release a page of a buffer finds that buffer in the tree. */
export const pagesLockedLong: LifeStrategy = ofLife({
  name: 'pages-locked-long',
  expectation: 'holds',
  summary: 'Linux v2.6.38: releasepage goes by the tree, and pages stay locked until their buffer is in it',
  origin: 'Linux eb14ab8ed24a, "Btrfs: fix page->private races"; for all pages, as since 2012',
  extend: (Base) => class PagesLockedLong extends releaseOf2011(Base) {},
});
