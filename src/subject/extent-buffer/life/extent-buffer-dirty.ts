import { EB_BFLAGS, EB_REFS, type ExtentBuffer, PAGE_PAYLOAD, PAYLOAD_VERIFIED } from '../v5.7/layout.ts';
import { PAGE_FLAGS, pageAt } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_ERROR, PG_PRIVATE } from '../../../memory/page-flags.ts';
import { EXTENT_BUFFER_DIRTY, EXTENT_BUFFER_TREE_REF, EXTENT_BUFFER_UPTODATE } from '../v5.7/bflags.ts';
import { Check } from './check.ts';
import type { Structure } from '../../../memory/schema.ts';
import { ExtentBufferModel } from '../v5.7/extent-buffer-model.ts';
import type { LifePoint } from './point.ts';
import { lifeStructures } from './structures.ts';
import { EB_TREE_LOCK, PAGE_BEHIND, PAYLOAD_MODIFIED } from './layout.ts';

/**
 * Changing an extent_buffer: its tree lock, its content, and what makes it dirty and clean (fs/btrfs/extent_io.c, disk-io.c and
 * locking.c, v5.7).
 *
 * The tree lock of v5.7 is a spinning lock that may be made a blocking one; here it sleeps from the start, as it has since v5.10,
 * which lets through the same orders. Its accounting (lock_owner, nesting) is left out, and so is lockdep's look at who holds it.
 */
export class ExtentBufferDirty extends ExtentBufferModel {
  static override readonly structures: readonly Structure[] = lifeStructures;

  /** The points of whole lives, too. */
  protected override reached(_point: LifePoint): void {}

  /** 1.1 extent_buffer_under_io. */
  override extentBufferUnderIo(eb: ExtentBuffer): boolean {
    this.reached('under-io:entry');
    const isUnderIo = super.extentBufferUnderIo(eb);
    this.reached('under-io:read');
    return isUnderIo;
  }

  /** btrfs_tree_lock. */
  btrfsTreeLock(eb: ExtentBuffer): void {
    this.mem.downWrite(eb + EB_TREE_LOCK);
  }

  /** btrfs_try_tree_write_lock: whether it was taken. */
  btrfsTryTreeWriteLock(eb: ExtentBuffer): boolean {
    return this.mem.downWriteTrylock(eb + EB_TREE_LOCK);
  }

  /** btrfs_tree_unlock. */
  btrfsTreeUnlock(eb: ExtentBuffer): void {
    this.mem.upWrite(eb + EB_TREE_LOCK);
  }

  /** btrfs_tree_read_lock. */
  btrfsTreeReadLock(eb: ExtentBuffer): void {
    this.mem.downRead(eb + EB_TREE_LOCK);
  }

  /** btrfs_tree_read_unlock. */
  btrfsTreeReadUnlock(eb: ExtentBuffer): void {
    this.mem.upRead(eb + EB_TREE_LOCK);
  }

  /** extent_buffer_get: a reference more, by whom has one. */
  extentBufferGet(eb: ExtentBuffer): void {
    this.mem.atomicInc(eb + EB_REFS);
  }

  /** read_extent_buffer over the whole block. The caller has found it up to date, and holds the tree lock or needs none. */
  readExtentBuffer(_eb: ExtentBuffer): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      const payload = this.mem.readOnce(pageAt(this.fsInfo, index) + PAGE_PAYLOAD);
      this.warnOn(payload !== PAYLOAD_VERIFIED && payload !== PAYLOAD_MODIFIED, Check.Q8);
    }
  }

  /** write_extent_buffer over the whole block. The caller holds the tree lock. */
  writeExtentBuffer(_eb: ExtentBuffer): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      this.mem.writeOnce(page + PAGE_PAYLOAD, PAYLOAD_MODIFIED);
      this.mem.writeGhost(page + PAGE_BEHIND, 1);
    }
  }

  /** set_extent_buffer_uptodate. */
  setExtentBufferUptodate(eb: ExtentBuffer): void {
    this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
    this.markPages(true);
  }

  /** clear_extent_buffer_uptodate. */
  clearExtentBufferUptodate(eb: ExtentBuffer): void {
    this.mem.clearBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
    this.markPages(false);
  }

  /**
   * The end of verify_parent_transid where the transaction id is not the one that was expected: the buffer is to be read anew, unless
   * what is in memory is newer than the disk.
   */
  verifyParentTransid(eb: ExtentBuffer): void {
    if (!this.extentBufferUnderIo(eb)) this.clearExtentBufferUptodate(eb);
  }

  /** 1.13 set_extent_buffer_dirty. The caller holds the tree lock and a reference. Returns whether it was dirty before. */
  setExtentBufferDirty(eb: ExtentBuffer): boolean {
    this.checkBufferTreeRef(eb);
    const wasDirty = this.mem.testAndSetBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);
    this.warnOn(this.mem.atomicRead(eb + EB_REFS) === 0, Check.B8);
    this.warnOn(!this.mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS), Check.B8);
    if (!wasDirty) this.setPagesDirty();
    // With CONFIG_BTRFS_DEBUG.
    for (let index = 0; index < this.geometry.pages; index++)
      this.warnOn(!this.mem.testBit(PG_DIRTY, pageAt(this.fsInfo, index) + PAGE_FLAGS), Check.B8);
    return wasDirty;
  }

  /** `set_page_dirty` of all pages, which takes no page lock here. */
  protected setPagesDirty(): void {
    for (let index = 0; index < this.geometry.pages; index++)
      this.mem.setBit(PG_DIRTY, pageAt(this.fsInfo, index) + PAGE_FLAGS);
  }

  /** 1.14 btrfs_clean_tree_block of a block of the running transaction. The caller holds the tree lock and a reference. */
  btrfsCleanTreeBlock(eb: ExtentBuffer): void {
    if (this.mem.testAndClearBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS)) this.clearExtentBufferDirty(eb);
  }

  /** 1.14 clear_extent_buffer_dirty: what was written is given up, and the disk need not have it any more. */
  protected clearExtentBufferDirty(eb: ExtentBuffer): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      if (!this.mem.testBit(PG_DIRTY, page + PAGE_FLAGS)) continue;
      this.mem.lockPage(page);
      this.warnOn(!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS), Check.B9);
      this.mem.testAndClearBit(PG_DIRTY, page + PAGE_FLAGS);
      this.mem.writeGhost(page + PAGE_BEHIND, 0);
      this.mem.clearBit(PG_ERROR, page + PAGE_FLAGS);
      this.mem.unlockPage(page);
    }
    this.warnOn(this.mem.atomicRead(eb + EB_REFS) === 0, Check.B9);
  }
}
