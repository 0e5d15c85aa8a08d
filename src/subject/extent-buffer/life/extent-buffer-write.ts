import {
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_REFS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
} from '../v5.7/layout.ts';
import { NULL, type Page, PAGE_FLAGS, pageAt } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_ERROR, PG_PRIVATE, PG_UPTODATE, PG_WRITEBACK } from '../../../memory/page-flags.ts';
import { EXTENT_BUFFER_DIRTY, EXTENT_BUFFER_WRITE_ERR, EXTENT_BUFFER_WRITEBACK } from '../v5.7/bflags.ts';
import { BIO_WRITE } from './layout.ts';
import { Check } from './check.ts';
import { ExtentBufferDirty } from './extent-buffer-dirty.ts';
import { PAGE_BEHIND, PAYLOAD_MODIFIED } from './layout.ts';

/** Of a writeback, as `struct writeback_control` and `struct extent_page_data` say. */
export interface Writeback {
  /** WB_SYNC_ALL: a buffer that is being written is waited for and looked at again; others skip it. */
  readonly isSync: boolean;
  /** How the submission of a bio of other blocks ends that is pending when this one is locked: 0, or an error. */
  readonly flushError: number;
}

/**
 * Writing an extent_buffer back (fs/btrfs/extent_io.c, v5.7): the lock of a buffer for IO, the submission of its pages and their
 * completion. The bio goes out behind everything else, when the writer has already dropped its reference.
 *
 * Left out: the page cache's own accounting, the header's WRITTEN flag, zeroing of what no item uses, bios of other blocks (but for
 * how their submission ends), and a page that does not enter the bio of a write.
 */
export class ExtentBufferWrite extends ExtentBufferDirty {
  /** 1.15 btree_write_cache_pages, as far as the one block is concerned. Returns 0 or the error that ended it. */
  btreeWriteCachePages(writeback: Writeback): number {
    const dirty = this.pagevecLookupRangeTag();
    let previous: ExtentBuffer = NULL;
    let error = 0;
    let bio = 0;
    for (let index = 0; index < this.geometry.pages && error === 0; index++) {
      if ((dirty & (1 << index)) === 0) continue;
      const eb = this.takeExtentBufferOf(pageAt(this.fsInfo, index), previous);
      if (eb === NULL) continue;
      previous = eb;
      const locked = this.lockExtentBufferForIo(eb, writeback);
      if (locked > 0) bio = this.writeOneEb(eb);
      else if (locked < 0) error = locked;
      this.reached('write:submitted');
      this.freeExtentBuffer(eb);
    }
    if (bio !== 0) this.submitWriteBio(previous, bio);
    return error;
  }

  /** Which pages are tagged dirty in the page cache, a bit each: they are looked up all at once. */
  protected pagevecLookupRangeTag(): number {
    let dirty = 0;
    for (let index = 0; index < this.geometry.pages; index++)
      if (this.mem.testBit(PG_DIRTY, pageAt(this.fsInfo, index) + PAGE_FLAGS)) dirty |= 1 << index;
    return dirty;
  }

  /** The first part of 1.15: the buffer of a page with a reference. NULL if there is none, it is dying, or it was the previous one. */
  protected takeExtentBufferOf(page: Page, previous: ExtentBuffer): ExtentBuffer {
    const privateLock = this.fsInfo + FS_PRIVATE_LOCK;
    if (!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) return NULL;
    this.mem.spinLock(privateLock);
    if (!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
      this.mem.spinUnlock(privateLock);
      return NULL;
    }
    const eb = this.readPointer(page + PAGE_PRIVATE);
    this.reached('write:private');
    this.warnOn(eb === NULL, Check.B4);
    const isTaken = eb !== NULL && eb !== previous && this.mem.atomicIncNotZero(eb + EB_REFS);
    this.mem.spinUnlock(privateLock);
    return isTaken ? eb : NULL;
  }

  /** 1.15 lock_extent_buffer_for_io. 1: the buffer is to be written and all pages are locked; 0: it is not; an error. */
  protected lockExtentBufferForIo(eb: ExtentBuffer, { isSync, flushError }: Writeback): number {
    let isFlushed = false;
    if (!this.btrfsTryTreeWriteLock(eb)) {
      if (flushError !== 0) return flushError;
      isFlushed = true;
      this.btrfsTreeLock(eb);
    }
    if (this.mem.testBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS)) {
      this.btrfsTreeUnlock(eb);
      if (!isSync) return 0;
      if (!isFlushed && flushError !== 0) return flushError;
      isFlushed = true;
      for (;;) {
        this.waitOnExtentBufferWriteback(eb);
        this.btrfsTreeLock(eb);
        if (!this.mem.testBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS)) break;
        this.btrfsTreeUnlock(eb);
      }
    }
    this.reached('write:locked');
    const isToBeWritten = this.startWriteback(eb);
    this.btrfsTreeUnlock(eb);
    if (!isToBeWritten) return 0;
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      if (this.mem.trylockPage(page)) continue;
      if (!isFlushed && flushError !== 0) {
        this.unlockFirst(index);
        this.undoWriteback(eb);
        return flushError;
      }
      isFlushed = true;
      this.mem.lockPage(page);
    }
    return 1;
  }

  /** From DIRTY to WRITEBACK in 1.15, so that extent_buffer_under_io finds one of the two. Returns whether it was dirty. */
  protected startWriteback(eb: ExtentBuffer): boolean {
    this.mem.spinLock(eb + EB_REFS_LOCK);
    const wasDirty = this.mem.testAndClearBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);
    if (wasDirty) {
      this.reached('write:clean');
      this.mem.setBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
    }
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    return wasDirty;
  }

  /** The error path of 1.15: the buffer is dirty again and not under writeback. */
  protected undoWriteback(eb: ExtentBuffer): void {
    this.btrfsTreeLock(eb);
    this.mem.spinLock(eb + EB_REFS_LOCK);
    this.mem.setBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);
    this.endExtentBufferWriteback(eb);
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    this.btrfsTreeUnlock(eb);
  }

  /** The first `count` pages, in their order. */
  protected unlockFirst(count: number): void {
    for (let index = 0; index < count; index++) this.mem.unlockPage(pageAt(this.fsInfo, index));
  }

  /** wait_on_extent_buffer_writeback. */
  waitOnExtentBufferWriteback(eb: ExtentBuffer): void {
    this.mem.waitOnBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
  }

  /** 1.16 write_one_eb, all pages locked. Returns the bio: bit i for page i. */
  protected writeOneEb(eb: ExtentBuffer): number {
    const { pages } = this.geometry;
    this.mem.clearBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS);
    this.mem.atomicSet(eb + EB_IO_PAGES, pages);
    this.reached('write:io-pages');
    let bio = 0;
    for (let index = 0; index < pages; index++) {
      const page = pageAt(this.fsInfo, index);
      this.mem.testAndClearBit(PG_DIRTY, page + PAGE_FLAGS);
      this.mem.testAndSetBit(PG_WRITEBACK, page + PAGE_FLAGS);
      bio |= 1 << index;
      this.mem.unlockPage(page);
    }
    return bio;
  }

  /** flush_write_bio. */
  protected submitWriteBio(eb: ExtentBuffer, bio: number): void {
    this.blockLayer.submit(this.fsInfo, eb, bio | BIO_WRITE);
  }

  /** 1.16 end_bio_extent_buffer_writepage of the pages of a bio, bit i for page i. */
  endBioExtentBufferWritepage(bio: number, isGood: boolean): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      if ((bio & (1 << index)) === 0) continue;
      const page = pageAt(this.fsInfo, index);
      // The device read the page before it raised the interrupt.
      const isNew = this.mem.readOnce(page + PAGE_PAYLOAD) === PAYLOAD_MODIFIED;
      if (isGood && isNew) this.mem.writeGhost(page + PAGE_BEHIND, 0);
      const eb = this.readPointer(page + PAGE_PRIVATE);
      if (this.bugOn(eb === NULL, Check.B4)) return;
      const isLast = this.mem.atomicDecAndTest(eb + EB_IO_PAGES);
      this.reached('end-io:written');
      if (!isGood || this.mem.testBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS)) {
        this.mem.clearBit(PG_UPTODATE, page + PAGE_FLAGS);
        this.setBtreeIoerr(page, eb);
      }
      this.endPageWriteback(page);
      if (isLast) this.endExtentBufferWriteback(eb);
    }
  }

  /** 1.16 set_btree_ioerr. Returns whether the error is the first of this write. The transaction is told, and ends: nothing is owed to the disk. */
  protected setBtreeIoerr(page: Page, eb: ExtentBuffer): boolean {
    this.mem.setBit(PG_ERROR, page + PAGE_FLAGS);
    this.mem.writeGhost(page + PAGE_BEHIND, 0);
    return !this.mem.testAndSetBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS);
  }

  /** `end_page_writeback`: waking those who wait for it is no access of its own here. */
  protected endPageWriteback(page: Page): void {
    this.mem.testAndClearBit(PG_WRITEBACK, page + PAGE_FLAGS);
  }

  /** end_extent_buffer_writeback. Its barrier is in the strength of every access here. */
  protected endExtentBufferWriteback(eb: ExtentBuffer): void {
    this.mem.clearBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
  }
}
