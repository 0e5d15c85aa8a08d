import {
  EB_BFLAGS,
  EB_PAGES,
  EB_READ_FAILED,
  EB_REFS,
  type ExtentBuffer,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_PRIVATE,
} from './layout.ts';
import { NULL, type Page, PAGE_FLAGS, pageAt } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE } from '../../../memory/page-flags.ts';
import { EXTENT_BUFFER_IN_TREE, EXTENT_BUFFER_UPTODATE } from './bflags.ts';
import { Check } from './check.ts';
import { ExtentBufferIo, WAIT_COMPLETE, WAIT_NONE } from './extent-buffer-io.ts';
import { Note } from './note.ts';

/** Copies that read_tree_block tries: two, the metadata profile DUP. */
const MIRRORS = 2;

/**
 * The kernel before the fix: everything of `ExtentBufferCore` and `ExtentBufferIo`, allocation, and the two ways to
 * read a tree block (fs/btrfs/extent_io.c and disk-io.c, v5.7). A fix strategy is a subclass with methods overridden.
 */
export class ExtentBufferModel extends ExtentBufferIo {
  /** 1.5 alloc_extent_buffer. The caller owns a reference of what is returned. */
  allocExtentBuffer(): ExtentBuffer {
    const found = this.findExtentBuffer();
    if (found !== NULL) return found;

    const eb = this.mem.kmemCacheZalloc(this.fsInfo);
    this.mem.atomicSet(eb + EB_REFS, 1);
    this.reached('alloc:new');
    let areAllUptodate = true;
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = this.findOrCreatePage(index);
      const exists = this.attachExtentBufferPage(eb, page);
      if (exists !== NULL) {
        this.note(Note.ExistsPage);
        return this.freeNewBuffer(eb, index, exists);
      }
      this.warnOn(this.mem.testBit(PG_DIRTY, page + PAGE_FLAGS), Check.B6);
      this.mem.writeOnce(eb + EB_PAGES, index + 1);
      if (!this.isPageUptodate(page)) areAllUptodate = false;
    }
    // Trusts the pages: their content is not verified again.
    if (areAllUptodate) this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
    this.reached('alloc:attached');

    while (!this.radixTreeInsert(eb)) {
      const exists = this.findExtentBuffer();
      if (exists !== NULL) {
        this.note(Note.ExistsTree);
        return this.freeNewBuffer(eb, this.geometry.pages, exists);
      }
      // The old buffer has no references any more and is not deleted yet.
      this.mem.cpuRelax();
    }
    this.reached('alloc:inserted');
    this.checkBufferTreeRef(eb);
    this.mem.setBit(EXTENT_BUFFER_IN_TREE, eb + EB_BFLAGS);
    for (let index = 0; index < this.geometry.pages; index++) this.mem.unlockPage(pageAt(this.fsInfo, index));
    this.note(Note.Allocated);
    return eb;
  }

  /** 1.17 readahead_tree_block: the reference is dropped at once, IO still running. */
  readaheadTreeBlock(): void {
    const eb = this.allocExtentBuffer();
    if (this.readExtentBufferPages(eb, WAIT_NONE) < 0) {
      this.mem.writeGhost(eb + EB_READ_FAILED, 1);
      this.freeExtentBufferStale(eb);
    } else {
      this.freeExtentBuffer(eb);
    }
  }

  /** 1.17 read_tree_block: the buffer, up to date and referenced, or NULL if no mirror could be read. */
  readTreeBlock(): ExtentBuffer {
    const eb = this.allocExtentBuffer();
    if (this.btreeReadExtentBufferPages(eb) === 0) return eb;
    // Nobody is to find it any more, which a check looks at once all is quiet.
    this.mem.writeGhost(eb + EB_READ_FAILED, 1);
    this.freeExtentBufferStale(eb);
    return NULL;
  }

  /** The loop over mirrors of 1.17. */
  btreeReadExtentBufferPages(eb: ExtentBuffer): number {
    let error = 0;
    for (let mirror = 0; mirror < MIRRORS; mirror++) {
      error = this.readExtentBufferPages(eb, WAIT_COMPLETE);
      if (error === 0) break;
    }
    return error;
  }

  /** find_or_create_page: the page locked and with a reference. Pages are always in the page cache here. */
  protected findOrCreatePage(index: number): Page {
    const page = pageAt(this.fsInfo, index);
    this.getPage(page);
    this.mem.lockPage(page);
    this.markPageAccessed(page);
    return page;
  }

  /**
   * Step 4 of 1.5 for one locked page: attaches `eb` and returns NULL, or gives the page up and returns the live
   * buffer that it belongs to, with a reference.
   */
  protected attachExtentBufferPage(eb: ExtentBuffer, page: Page): ExtentBuffer {
    const privateLock = this.fsInfo + FS_PRIVATE_LOCK;
    this.mem.spinLock(privateLock);
    if (this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
      const exists = this.readPointer(page + PAGE_PRIVATE);
      if (this.mem.atomicIncNotZero(exists + EB_REFS)) {
        this.mem.spinUnlock(privateLock);
        this.mem.unlockPage(page);
        this.putPage(page);
        // No STALE handshake on this path: kernel.md 4.4.
        this.markExtentBufferAccessed(exists, page);
        return exists;
      }
      this.note(Note.DyingFound);
      this.mem.clearBit(PG_PRIVATE, page + PAGE_FLAGS);
      this.warnOn(this.mem.testBit(PG_DIRTY, page + PAGE_FLAGS), Check.B6);
      this.putPage(page);
    }
    if (this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
      this.warnOn(this.readPointer(page + PAGE_PRIVATE) !== eb, Check.B7);
    } else {
      this.mem.setBit(PG_PRIVATE, page + PAGE_FLAGS);
      this.getPage(page);
      this.mem.writeOnce(page + PAGE_PRIVATE, eb);
    }
    this.mem.spinUnlock(privateLock);
    return NULL;
  }

  /** Step 6 of 1.5: false is -EEXIST. */
  protected radixTreeInsert(eb: ExtentBuffer): boolean {
    this.mem.spinLock(this.fsInfo + FS_BUFFER_LOCK);
    const isEmpty = this.mem.readOnce(this.fsInfo + FS_TREE_SLOT) === NULL;
    if (isEmpty) this.mem.writeOnce(this.fsInfo + FS_TREE_SLOT, eb);
    this.mem.spinUnlock(this.fsInfo + FS_BUFFER_LOCK);
    return isEmpty;
  }

  /** free_eb of 1.5: the new buffer was never in the tree, so that it goes without RCU. Returns `exists`. */
  protected freeNewBuffer(eb: ExtentBuffer, attached: number, exists: ExtentBuffer): ExtentBuffer {
    this.warnOn(!this.mem.atomicDecAndTest(eb + EB_REFS), Check.B5);
    for (let index = 0; index < attached; index++) this.mem.unlockPage(pageAt(this.fsInfo, index));
    this.btrfsReleaseExtentBuffer(eb);
    return exists;
  }

  /** btrfs_release_extent_buffer. */
  protected btrfsReleaseExtentBuffer(eb: ExtentBuffer): void {
    if (!this.btrfsReleaseExtentBufferPages(eb)) return;
    if (!this.mem.kmemCacheFree(eb)) this.violated(Check.DoubleFree);
  }
}
