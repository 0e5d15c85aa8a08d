import { NULL, type Page, PAGE_FLAGS } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE, PG_UPTODATE, PG_WRITEBACK } from '../../../memory/page-flags.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
  EXTENT_BUFFER_WRITE_ERR,
  EXTENT_BUFFER_WRITEBACK,
  EXTENT_BUFFER_ZONED_ZEROOUT,
} from './bflags.ts';
import { Check } from './check.ts';
import {
  BIO_WRITE,
  EB_BFLAGS,
  EB_INHIBITORS,
  EB_REFS_LOCK,
  EB_TREE_LOCK,
  type ExtentBuffer,
  FOLIO_BEHIND,
  FOLIO_PAYLOAD,
  FOLIO_PRIVATE,
  FS_ERROR,
  FS_TREE_MARKS,
  FS_TREE_SLOT,
  MARK_DIRTY,
  MARK_TOWRITE,
  MARK_WRITEBACK,
  PAYLOAD_MODIFIED,
} from './layout.ts';
import { Note } from './note.ts';
import { Reading } from './reading.ts';

/**
 * Changing an extent_buffer and writing it back (fs/btrfs/extent_io.c, disk-io.c and locking.c, v7.3). Left out: zoned devices, the
 * accounting of dirty bytes, the header's WRITTEN flag, and bios of other blocks.
 */
export class Writing extends Reading {
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ...Reading.functionParts,
    ['dirtyFolioBuffer', 'btreeWritepages'],
    ['bufferOfFolio', 'btreeWritepages'],
    ['passOver', 'btreeWritepages'],
    ['startWriteback', 'lockExtentBufferForIo'],
    ['markWriteback', 'lockExtentBufferForIo'],
    ['submitWrite', 'writeOneEb'],
  ]);

  /** btrfs_tree_lock. */
  btrfsTreeLock(eb: ExtentBuffer): void {
    this.mem.downWrite(eb + EB_TREE_LOCK);
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

  /** refcount_inc of `eb->refs`, by who has a reference. */
  extentBufferGet(eb: ExtentBuffer): void {
    this.refcountInc(eb);
  }

  /** buffer_tree_set_mark. */
  protected bufferTreeSetMark(mark: number): void {
    this.xaLock();
    this.mem.setBit(mark, this.fsInfo + FS_TREE_MARKS);
    this.xaUnlock();
  }

  /** buffer_tree_clear_mark. */
  protected bufferTreeClearMark(mark: number): void {
    this.xaLock();
    this.mem.clearBit(mark, this.fsInfo + FS_TREE_MARKS);
    this.xaUnlock();
  }

  /** 2.14 set_extent_buffer_dirty. The caller holds the tree lock and a reference. */
  setExtentBufferDirty(eb: ExtentBuffer): void {
    this.checkBufferTreeRef(eb);
    const wasDirty = this.mem.testAndSetBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);
    this.warnOn(this.refcountRead(eb) === 0, Check.N8);
    this.warnOn(!this.mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS), Check.N8);
    this.warnOn(this.mem.testBit(EXTENT_BUFFER_ZONED_ZEROOUT, eb + EB_BFLAGS), Check.N8);
    if (!wasDirty) {
      for (let index = 0; index < this.geometry.pages; index++)
        this.mem.setBit(PG_DIRTY, this.folio(index) + PAGE_FLAGS);
      if (this.kernel.hasMarks) this.bufferTreeSetMark(MARK_DIRTY);
    }
    // With CONFIG_BTRFS_DEBUG.
    for (let index = 0; index < this.geometry.pages; index++)
      this.warnOn(!this.mem.testBit(PG_DIRTY, this.folio(index) + PAGE_FLAGS), Check.N8);
  }

  /** 2.15 btrfs_clear_buffer_dirty of a block of the running transaction. The caller holds the tree lock and a reference. */
  btrfsClearBufferDirty(eb: ExtentBuffer): void {
    if (!this.mem.testAndClearBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS)) return;
    if (this.kernel.hasMarks) this.bufferTreeClearMark(MARK_DIRTY);
    for (let index = 0; index < this.geometry.pages; index++) {
      const folio = this.folio(index);
      if (!this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS)) continue;
      this.mem.lockPage(folio);
      this.mem.clearBit(PG_DIRTY, folio + PAGE_FLAGS);
      this.mem.writeGhost(folio + FOLIO_BEHIND, 0);
      this.mem.unlockPage(folio);
    }
    this.warnOn(this.refcountRead(eb) === 0, Check.N9);
  }

  /** write_extent_buffer over the whole block. The caller holds the tree lock. */
  writeExtentBuffer(_eb: ExtentBuffer): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      this.mem.writeOnce(this.folio(index) + FOLIO_PAYLOAD, PAYLOAD_MODIFIED);
      this.mem.writeGhost(this.folio(index) + FOLIO_BEHIND, 1);
    }
  }

  /** 2.17 btrfs_init_new_buffer: the buffer of a block that was just allocated, referenced, its tree lock held. */
  btrfsInitNewBuffer(): ExtentBuffer {
    const eb = this.allocExtentBuffer();
    // btrfs_set_header_generation comes before the tree lock; what the rest of the header holds is still the old block.
    this.mem.writeOnce(this.folio(0) + FOLIO_PAYLOAD, PAYLOAD_MODIFIED);
    this.btrfsTreeLock(eb);
    this.btrfsClearBufferDirty(eb);
    // Without the refs_lock.
    this.mem.clearBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS);
    this.mem.clearBit(EXTENT_BUFFER_ZONED_ZEROOUT, eb + EB_BFLAGS);
    this.reached('init:clear-stale');
    this.setExtentBufferUptodate(eb);
    this.writeExtentBuffer(eb);
    return eb;
  }

  /**
   * 2.17 btrfs_inhibit_eb_writeback: until the end of the handle. The caller holds the tree lock and a reference. Kernels before 7.1 do
   * not have it, and nothing is done.
   */
  btrfsInhibitEbWriteback(eb: ExtentBuffer): void {
    if (!this.kernel.hasInhibitors) return;
    this.refcountInc(eb);
    this.mem.atomicInc(eb + EB_INHIBITORS);
  }

  /** btrfs_uninhibit_all_eb_writeback, of one buffer. */
  btrfsUninhibitEbWriteback(eb: ExtentBuffer): void {
    if (!this.kernel.hasInhibitors) return;
    this.mem.atomicDec(eb + EB_INHIBITORS);
    this.freeExtentBuffer(eb);
  }

  /**
   * 2.16 btree_writepages, as far as the one block is concerned; `isSync` is WB_SYNC_ALL. On a zoned device the block may not be the one
   * that is to be written next, which btrfs_check_meta_write_pointer says: `isNext`.
   */
  btreeWritepages(isSync: boolean, isNext = true): void {
    if (isSync && this.kernel.hasMarks) this.bufferTreeTagForWriteback();
    const eb = this.kernel.hasMarks
      ? this.bufferTreeGetEbsTag(isSync ? MARK_TOWRITE : MARK_DIRTY)
      : this.dirtyFolioBuffer();
    if (eb === NULL) return;
    if (!isNext) {
      this.passOver(eb);
    } else if (this.lockExtentBufferForIo(eb, isSync)) {
      this.writeOneEb(eb);
      this.note(Note.Written);
    }
    this.freeExtentBuffer(eb);
  }

  /** A block whose turn it is not: its reference goes with those of its batch. */
  protected passOver(_eb: ExtentBuffer): void {
    this.note(Note.Refused);
  }

  /** 2.16 buffer_tree_tag_for_writeback: the marks DIRTY are copied to TOWRITE. */
  protected bufferTreeTagForWriteback(): void {
    this.xaLock();
    if (this.mem.testBit(MARK_DIRTY, this.fsInfo + FS_TREE_MARKS))
      this.mem.setBit(MARK_TOWRITE, this.fsInfo + FS_TREE_MARKS);
    this.xaUnlock();
  }

  /** 2.16 buffer_tree_get_ebs_tag with find_get_eb: the buffer of the entry if it is marked, with a reference, or NULL. */
  protected bufferTreeGetEbsTag(mark: number): ExtentBuffer {
    this.mem.rcuReadLock();
    for (;;) {
      const isMarked = this.mem.testBit(mark, this.fsInfo + FS_TREE_MARKS);
      const eb = isMarked ? this.readPointer(this.fsInfo + FS_TREE_SLOT) : NULL;
      const isTaken = eb !== NULL && this.refcountIncNotZero(eb);
      const isStillThere = isTaken && this.readPointer(this.fsInfo + FS_TREE_SLOT) === eb;
      if (eb === NULL || isStillThere) {
        this.mem.rcuReadUnlock();
        return eb;
      }
      // All of it, the put included, and every further try are inside of one section. The kernel spins without a pause.
      if (isTaken) this.freeExtentBuffer(eb);
      else this.mem.cpuRelax();
    }
  }

  /** Writeback by folios, up to 6.15: the buffer of a dirty folio out of `folio->private`, with a reference, or NULL. */
  protected dirtyFolioBuffer(): ExtentBuffer {
    for (let index = 0; index < this.geometry.pages; index++) {
      const folio = this.folio(index);
      if (!this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS)) continue;
      const eb = this.bufferOfFolio(folio);
      if (eb !== NULL) return eb;
    }
    return NULL;
  }

  /** submit_eb_page, up to 6.15: its first part. */
  protected bufferOfFolio(folio: Page): ExtentBuffer {
    if (!this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) return NULL;
    this.mem.spinLock(this.privateLock);
    const isPrivate = this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS);
    const eb = isPrivate ? this.readPointer(folio + FOLIO_PRIVATE) : NULL;
    this.warnOn(isPrivate && eb === NULL, Check.N7);
    const isTaken = eb !== NULL && this.refcountIncNotZero(eb);
    this.mem.spinUnlock(this.privateLock);
    return isTaken ? eb : NULL;
  }

  /** 2.16 lock_extent_buffer_for_io: whether the buffer is to be written. */
  protected lockExtentBufferForIo(eb: ExtentBuffer, isSync: boolean): boolean {
    this.btrfsTreeLock(eb);
    while (this.mem.testBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS)) {
      this.btrfsTreeUnlock(eb);
      if (!isSync) return false;
      this.waitOnExtentBufferWriteback(eb);
      this.btrfsTreeLock(eb);
    }
    this.reached('write:locked');
    const isToBeWritten = this.startWriteback(eb, isSync);
    this.btrfsTreeUnlock(eb);
    return isToBeWritten;
  }

  /** From DIRTY to WRITEBACK in 2.16: of the bits under the refs_lock, of the marks behind it. */
  protected startWriteback(eb: ExtentBuffer, isSync: boolean): boolean {
    this.mem.spinLock(eb + EB_REFS_LOCK);
    const wasDirty =
      (isSync || !this.kernel.hasInhibitors || this.mem.atomicRead(eb + EB_INHIBITORS) === 0) &&
      this.mem.testAndClearBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);
    if (wasDirty) {
      this.reached('write:clean');
      this.mem.setBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
    }
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    if (wasDirty && this.kernel.hasMarks) this.markWriteback();
    return wasDirty;
  }

  /** The marks of a buffer whose write begins. */
  protected markWriteback(): void {
    this.reached('write:writeback');
    this.xaLock();
    this.mem.setBit(MARK_WRITEBACK, this.fsInfo + FS_TREE_MARKS);
    this.mem.clearBit(MARK_DIRTY, this.fsInfo + FS_TREE_MARKS);
    if (this.kernel.clearsTowrite) this.mem.clearBit(MARK_TOWRITE, this.fsInfo + FS_TREE_MARKS);
    this.xaUnlock();
  }

  /** wait_on_extent_buffer_writeback. */
  waitOnExtentBufferWriteback(eb: ExtentBuffer): void {
    this.mem.waitOnBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
  }

  /** 2.16 write_one_eb. The bio owns no reference. In a file system with errors it ends at once. */
  protected writeOneEb(eb: ExtentBuffer): void {
    this.mem.clearBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS);
    for (let index = 0; index < this.geometry.pages; index++) {
      const folio = this.folio(index);
      this.mem.lockPage(folio);
      this.mem.testAndClearBit(PG_DIRTY, folio + PAGE_FLAGS);
      this.mem.testAndSetBit(PG_WRITEBACK, folio + PAGE_FLAGS);
      this.mem.unlockPage(folio);
    }
    const bio = this.bio(eb, BIO_WRITE);
    if (this.mem.readOnce(this.fsInfo + FS_ERROR) !== 0) this.endBbioMetaWrite(bio, false);
    else this.submitWrite(eb, bio);
  }

  /** btrfs_submit_bbio of a write, with btree_csum_one_bio in it. */
  protected submitWrite(eb: ExtentBuffer, bio: number): void {
    this.warnOn(!this.mem.testBit(PG_UPTODATE, this.folio(0) + PAGE_FLAGS), Check.N12);
    this.blockLayer.submit(this.fsInfo, eb, bio);
  }

  /** 2.16 end_bbio_meta_write. */
  endBbioMetaWrite(bio: number, isGood: boolean): void {
    const eb = this.bufferOf(bio);
    this.warnOn(this.kernel.endsInTasks && !this.inTask(), Check.N13);
    if (!isGood) this.setBtreeIoerr(eb);
    for (let index = 0; index < this.geometry.pages; index++) {
      if ((bio & (1 << index)) === 0) continue;
      const folio = this.folio(index);
      // The device read the folio before it raised the interrupt; a transaction that has failed owes nothing to the disk.
      const isNew = this.mem.readOnce(folio + FOLIO_PAYLOAD) === PAYLOAD_MODIFIED;
      if (!isGood || isNew) this.mem.writeGhost(folio + FOLIO_BEHIND, 0);
      this.mem.testAndClearBit(PG_WRITEBACK, folio + PAGE_FLAGS);
    }
    this.reached('end-io:written');
    if (this.kernel.hasMarks) this.bufferTreeClearMark(MARK_WRITEBACK);
    this.clearBitAndWake(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
  }

  /** set_btree_ioerr: UPTODATE goes from the buffer, and stays with its folios. */
  protected setBtreeIoerr(eb: ExtentBuffer): void {
    this.mem.setBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS);
    this.mem.clearBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
    this.note(Note.WriteFailed);
  }
}
