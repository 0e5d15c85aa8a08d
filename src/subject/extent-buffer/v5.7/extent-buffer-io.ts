import {
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_READ_MIRROR,
  EB_REFS,
  type ExtentBuffer,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAYLOAD_READ,
  PAYLOAD_VERIFIED,
} from './layout.ts';
import { NULL, type Page, PAGE_FLAGS, pageAt } from '../../../memory/layout.ts';
import { PG_ERROR, PG_UPTODATE } from '../../../memory/page-flags.ts';
import { EXTENT_BUFFER_READ_ERR, EXTENT_BUFFER_READAHEAD, EXTENT_BUFFER_UPTODATE } from './bflags.ts';
import { BIO_INCOMPLETE, type BioStatus } from '../../../model/block-layer.ts';
import { Check } from './check.ts';
import { ExtentBufferCore } from './extent-buffer-core.ts';
import { Note } from './note.ts';

/** How a read waits: `WAIT_NONE` tries the page locks and returns after submission, `WAIT_COMPLETE` waits for both. */
export const WAIT_NONE = 0;
export const WAIT_COMPLETE = 1;
export type Wait = typeof WAIT_NONE | typeof WAIT_COMPLETE;

/** `-EIO`. */
export const EIO = -5;

/** Reading an extent_buffer: submission and completion (fs/btrfs/extent_io.c and disk-io.c, v5.7). */
export class ExtentBufferIo extends ExtentBufferCore {
  /** 1.11 read_extent_buffer_pages. Returns 0 or -EIO; a page lock that WAIT_NONE did not get is not an error. */
  readExtentBufferPages(eb: ExtentBuffer, wait: Wait): number {
    if (this.mem.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS)) {
      this.note(Note.AlreadyUptodate);
      return 0;
    }
    this.reached('read:entry');
    if (!this.lockExtentBufferPages(eb, wait)) {
      this.note(Note.ReadSkipped);
      return 0;
    }
    // Count only with all pages locked: a completion that fails clears the bits of pages that it still holds.
    const { pages } = this.geometry;
    let numReads = 0;
    for (let index = 0; index < pages; index++) {
      if (!this.isPageUptodate(pageAt(this.fsInfo, index))) numReads++;
    }
    if (numReads === 0) {
      this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
      this.unlockPages(pages);
      this.note(Note.AlreadyUptodate);
      return 0;
    }
    this.reached('read:locked');
    this.mem.clearBit(EXTENT_BUFFER_READ_ERR, eb + EB_BFLAGS);
    this.mem.writeOnce(eb + EB_READ_MIRROR, 0);
    this.setIoPages(eb, numReads);
    this.reached('read:io-pages');
    const error = this.submitReads(eb);
    this.reached('read:submitted');
    if (error !== 0 || wait === WAIT_NONE) return error;
    return this.waitForPages();
  }

  /**
   * Step 2 of 1.11: locks the pages in order. WAIT_NONE gives back what it has and returns false at the first page
   * that is locked.
   */
  protected lockExtentBufferPages(_eb: ExtentBuffer, wait: Wait): boolean {
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      if (wait === WAIT_COMPLETE) {
        this.mem.lockPage(page);
      } else if (!this.mem.trylockPage(page)) {
        this.unlockPages(index);
        return false;
      }
    }
    return true;
  }

  /** Step 6 of 1.11: from here on extent_buffer_under_io holds. The fix of 2020 acts right after it. */
  protected setIoPages(eb: ExtentBuffer, numReads: number): void {
    this.mem.atomicSet(eb + EB_IO_PAGES, numReads);
  }

  /** Steps 8 and 9 of 1.11: builds the bio and submits it. The pages in it stay locked for the completion. */
  protected submitReads(eb: ExtentBuffer): number {
    let error = 0;
    let bio = 0;
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      if (this.isPageUptodate(page)) {
        this.mem.unlockPage(page);
      } else if (error !== 0) {
        this.mem.atomicDec(eb + EB_IO_PAGES);
        this.mem.unlockPage(page);
      } else {
        this.mem.clearBit(PG_ERROR, page + PAGE_FLAGS);
        if (this.blockLayer.setupFails()) {
          error = EIO;
          this.note(Note.ReadFailed);
          // No completion will come for this page: it leaves the bio unlocked and uncounted.
          this.mem.unlockPage(page);
          this.mem.atomicDec(eb + EB_IO_PAGES);
        } else {
          bio |= 1 << index;
        }
      }
    }
    if (bio !== 0) this.submitOneBio(eb, error === 0 ? bio : bio | BIO_INCOMPLETE);
    return error;
  }

  /** submit_one_bio: bit i of `bio` stands for page i. */
  protected submitOneBio(eb: ExtentBuffer, bio: number): void {
    this.blockLayer.submit(this.fsInfo, eb, bio);
    this.note(Note.ReadStarted);
  }

  /** Step 10 of 1.11 for WAIT_COMPLETE. */
  protected waitForPages(): number {
    let error = 0;
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      this.mem.waitOnPageLocked(page);
      if (!this.isPageUptodate(page)) error = EIO;
    }
    return error;
  }

  /** 1.12 end_bio_extent_readpage for all pages of a bio: bit i of `bio` stands for page i. */
  endBioExtentReadpage(bio: number, status: BioStatus): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      if ((bio & (1 << index)) === 0) continue;
      const page = pageAt(this.fsInfo, index);
      // The device wrote the page before it raised the interrupt.
      if (status !== 'io-error') this.mem.writeOnce(page + PAGE_PAYLOAD, PAYLOAD_READ);
      let isUptodate = status !== 'io-error';
      if (isUptodate) isUptodate = this.btreeReadpageEndIoHook(page, status);
      if (!isUptodate) this.btreeReadpageFailed(page);
      if (isUptodate) {
        this.mem.setBit(PG_UPTODATE, page + PAGE_FLAGS);
      } else {
        this.mem.clearBit(PG_UPTODATE, page + PAGE_FLAGS);
        this.mem.setBit(PG_ERROR, page + PAGE_FLAGS);
        this.note(Note.ReadFailed);
      }
      this.mem.unlockPage(page);
    }
  }

  /** 1.12 btree_readpage_end_io_hook. Returns whether the page may be used. */
  protected btreeReadpageEndIoHook(page: Page, status: BioStatus): boolean {
    this.reached('end-io:entry');
    const eb = this.readPointer(page + PAGE_PRIVATE);
    if (eb === NULL) {
      // Nobody knows what to verify, and the page passes for good.
      this.note(Note.ReadUnverified);
      return true;
    }
    // The kernel's plain increment would raise a count from zero unseen; its old value costs no access here.
    this.warnOn(this.mem.atomicFetchInc(eb + EB_REFS) <= 0, Check.B10);
    const isLast = this.mem.atomicDecAndTest(eb + EB_IO_PAGES);
    this.reached('end-io:counted');
    const isGood = isLast ? this.finishRead(eb, status) : true;
    this.freeExtentBuffer(eb);
    return isGood;
  }

  /** Steps 5 to 9 of 1.12, for the last page of a read: verifies the whole buffer. */
  protected finishRead(eb: ExtentBuffer, status: BioStatus): boolean {
    this.mem.writeOnce(eb + EB_READ_MIRROR, 1);
    const isGood = !this.mem.testBit(EXTENT_BUFFER_READ_ERR, eb + EB_BFLAGS) && status === 'ok';
    if (isGood) {
      for (let index = 0; index < this.geometry.pages; index++) {
        this.mem.writeGhost(pageAt(this.fsInfo, index) + PAGE_PAYLOAD, PAYLOAD_VERIFIED);
      }
      this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
      this.markPages(true);
      this.note(Note.ReadCompleted);
    }
    this.mem.testAndClearBit(EXTENT_BUFFER_READAHEAD, eb + EB_BFLAGS);
    if (!isGood) {
      // end_bio takes it back: see btreeReadpageFailed.
      this.mem.atomicInc(eb + EB_IO_PAGES);
      this.mem.clearBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
      this.markPages(false);
    }
    return isGood;
  }

  /** 1.12, the error branch of end_bio: it names the buffer through the page once more, without a reference. */
  protected btreeReadpageFailed(page: Page): void {
    const eb = this.readPointer(page + PAGE_PRIVATE);
    // The kernel would follow the NULL pointer of a page that was detached under IO.
    if (this.bugOn(eb === NULL, Check.B4)) return;
    this.mem.setBit(EXTENT_BUFFER_READ_ERR, eb + EB_BFLAGS);
    this.mem.writeOnce(eb + EB_READ_MIRROR, 1);
    this.mem.atomicDec(eb + EB_IO_PAGES);
    this.mem.testAndClearBit(EXTENT_BUFFER_READAHEAD, eb + EB_BFLAGS);
  }

  /** set_extent_buffer_uptodate and clear_extent_buffer_uptodate: the part that concerns the pages. */
  protected markPages(isUptodate: boolean): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      if (isUptodate) this.mem.setBit(PG_UPTODATE, page + PAGE_FLAGS);
      else this.mem.clearBit(PG_UPTODATE, page + PAGE_FLAGS);
    }
  }

  protected isPageUptodate(page: Page): boolean {
    return this.mem.testBit(PG_UPTODATE, page + PAGE_FLAGS);
  }

  /** Unlocks the first `count` pages, the last of them first. */
  protected unlockPages(count: number): void {
    for (let index = count - 1; index >= 0; index--) this.mem.unlockPage(pageAt(this.fsInfo, index));
  }
}
