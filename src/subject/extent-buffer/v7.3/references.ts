import { type Address, NULL, type Page, PAGE_FLAGS } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE, PG_WRITEBACK } from '../../../memory/page-flags.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_READING,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UNMAPPED,
  EXTENT_BUFFER_WRITEBACK,
} from './bflags.ts';
import { Check } from './check.ts';
import { Folios } from './folios.ts';
import {
  EB_BFLAGS,
  EB_REFS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FOLIO_PRIVATE,
  FS_TREE_LOCK,
  FS_TREE_MARKS,
  FS_TREE_SLOT,
} from './layout.ts';
import { Note } from './note.ts';

/**
 * References of an extent_buffer: how they are taken, dropped and reclaimed (fs/btrfs/extent_io.c, v7.3). One method per kernel
 * function, its shared accesses in the kernel's order; section numbers are those of kernel-7.3.md.
 */
export class References extends Folios {
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ['releaseDying', 'releaseExtentBuffer'],
    ['deleteFromTree', 'releaseExtentBuffer'],
  ]);

  /** 2.1 extent_buffer_under_io. Reads are not part of it: the bio's reference protects them. */
  extentBufferUnderIo(eb: ExtentBuffer): boolean {
    const isUnderIo =
      this.mem.testBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS) ||
      this.mem.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);
    this.reached('under-io:read');
    return isUnderIo;
  }

  /** 2.2 check_buffer_tree_ref. The caller owns a reference. Returns whether TREE_REF was clear and is set again. */
  checkBufferTreeRef(eb: ExtentBuffer): boolean {
    if (this.refcountRead(eb) >= 2 && this.mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) return false;
    this.mem.spinLock(eb + EB_REFS_LOCK);
    const wasClear = !this.mem.testAndSetBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
    if (wasClear) this.refcountInc(eb);
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    return wasClear;
  }

  /** mark_extent_buffer_accessed. */
  markExtentBufferAccessed(eb: ExtentBuffer): void {
    if (this.checkBufferTreeRef(eb)) this.note(Note.TreeRefSet);
    for (let index = 0; index < this.geometry.pages; index++) this.folioMarkAccessed(this.folio(index));
  }

  /** 2.3 find_extent_buffer_nolock: the buffer with a reference. NULL if the block has none, or only a dying one. */
  findExtentBufferNolock(): ExtentBuffer {
    this.mem.rcuReadLock();
    const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
    if (eb === NULL) this.note(Note.Missed);
    const isTaken = eb !== NULL && this.refcountIncNotZero(eb);
    this.mem.rcuReadUnlock();
    if (eb !== NULL && !isTaken) this.note(Note.DyingFound);
    return isTaken ? eb : NULL;
  }

  /** 2.3 find_extent_buffer. */
  findExtentBuffer(): ExtentBuffer {
    const eb = this.findExtentBufferNolock();
    if (eb === NULL) return NULL;
    this.reached('find:ref');
    if (this.mem.testBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS)) {
      this.note(Note.StaleHandshake);
      this.mem.spinLock(eb + EB_REFS_LOCK);
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
    }
    this.markExtentBufferAccessed(eb);
    this.note(Note.Found);
    return eb;
  }

  /** 2.6 free_extent_buffer: drops the caller's reference. */
  freeExtentBuffer(eb: ExtentBuffer): void {
    this.freeExtentBufferClearReading(eb, false);
  }

  /** 2.6 free_extent_buffer_clear_reading; `clearReading` is that of a read that has ended. */
  protected freeExtentBufferClearReading(eb: ExtentBuffer, clearReading: boolean): void {
    this.reached('free:entry');
    if (clearReading) {
      this.mem.spinLock(eb + EB_REFS_LOCK);
      this.clearExtentBufferReading(eb);
    }
    let refs = this.refcountRead(eb);
    for (;;) {
      const isMapped = !this.mem.testBit(EXTENT_BUFFER_UNMAPPED, eb + EB_BFLAGS);
      if (isMapped ? refs <= 3 : refs === 1) break;
      // Of `refs.refs`, which passes by what refcount_t checks. Where it fails, it has read the count.
      const found = this.mem.atomicCmpxchg(eb + EB_REFS, refs, refs - 1);
      if (found === refs) {
        if (clearReading) this.mem.spinUnlock(eb + EB_REFS_LOCK);
        return;
      }
      refs = found;
    }
    if (!clearReading) this.mem.spinLock(eb + EB_REFS_LOCK);
    if (
      this.refcountRead(eb) === 2 &&
      this.mem.testBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS) &&
      !this.extentBufferUnderIo(eb) &&
      this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)
    ) {
      this.refcountDec(eb);
    }
    if (this.releaseExtentBuffer(eb)) this.note(Note.LastPut);
  }

  /** clear_extent_buffer_reading. */
  clearExtentBufferReading(eb: ExtentBuffer): void {
    this.clearBitAndWake(EXTENT_BUFFER_READING, eb + EB_BFLAGS);
  }

  /** 2.7 free_extent_buffer_stale: as free_extent_buffer, and the tree is to let go of the buffer too. */
  freeExtentBufferStale(eb: ExtentBuffer): void {
    this.mem.spinLock(eb + EB_REFS_LOCK);
    this.mem.setBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS);
    if (
      this.refcountRead(eb) === 2 &&
      !this.extentBufferUnderIo(eb) &&
      this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)
    ) {
      this.refcountDec(eb);
    }
    if (this.releaseExtentBuffer(eb)) this.note(Note.LastPut);
  }

  /** 2.8 release_extent_buffer. The caller holds the refs_lock, which is dropped. Returns whether the buffer is gone. */
  releaseExtentBuffer(eb: ExtentBuffer): boolean {
    this.lockdepAssertHeld(eb + EB_REFS_LOCK);
    if (!this.refcountDecAndTest(eb)) {
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
      return false;
    }
    // Up to the deletion, look-ups find the buffer and fail to take a reference.
    const isInTree =
      !this.kernel.hasRadixTree || this.mem.testAndClearBit(EXTENT_BUFFER_IN_TREE, eb + EB_BFLAGS);
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    this.releaseDying(eb, isInTree);
    return true;
  }

  /** The rest of 2.8, without a lock: nobody has a reference any more. */
  releaseDying(eb: ExtentBuffer, isInTree: boolean): void {
    this.reached('release:zero');
    if (isInTree) this.deleteFromTree(eb);
    // Up to the detachment, a new buffer for the same block can be built over the same folios.
    this.reached('release:deleted');
    if (!this.btrfsReleaseExtentBufferFolios(eb)) return;
    if (!this.mem.callRcuFree(eb)) this.violated(Check.DoubleFree);
  }

  /** xa_cmpxchg_irq of 2.8, which takes a buffer out of the tree that is in there; of a radix tree, radix_tree_delete. */
  protected deleteFromTree(eb: ExtentBuffer): void {
    this.xaLock();
    if (this.kernel.hasRadixTree) {
      this.mem.writeOnce(this.fsInfo + FS_TREE_SLOT, NULL);
    } else if (this.mem.atomicCmpxchg(this.fsInfo + FS_TREE_SLOT, eb, NULL) === eb && this.kernel.hasMarks) {
      // An entry that is erased has no marks.
      this.mem.writeOnce(this.fsInfo + FS_TREE_MARKS, 0);
    }
    this.xaUnlock();
  }

  /** 2.10 btrfs_release_extent_buffer_folios. Returns false where a BUG_ON ended it. */
  btrfsReleaseExtentBufferFolios(eb: ExtentBuffer): boolean {
    if (this.bugOn(this.extentBufferUnderIo(eb), Check.N2)) return false;
    for (let index = 0; index < this.geometry.pages; index++) {
      const folio = this.folio(index);
      if (!this.detachExtentBufferFolio(eb, folio)) return false;
      if (this.kernel.ownsFolios) this.folioPut(folio);
    }
    return true;
  }

  /** 2.10 detach_extent_buffer_folio. Returns false where a BUG_ON ended it. */
  protected detachExtentBufferFolio(eb: ExtentBuffer, folio: Page): boolean {
    // Without a lock, and of a folio whose last reference may be gone: through NULL the kernel would come to no lock.
    if (this.bugOn(!this.isInPageCache(folio), Check.P1)) return false;
    this.mem.spinLock(this.privateLock);
    let isSound = true;
    if (this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS) && this.readPointer(folio + FOLIO_PRIVATE) === eb) {
      isSound = !(
        this.bugOn(this.mem.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS), Check.N1) ||
        this.bugOn(this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS), Check.N1) ||
        this.bugOn(this.mem.testBit(PG_WRITEBACK, folio + PAGE_FLAGS), Check.N1)
      );
      if (isSound) this.folioDetachPrivate(folio);
    }
    this.mem.spinUnlock(this.privateLock);
    return isSound;
  }

  /** filemap_release_folio: whether the locked folio belongs to no buffer now. */
  filemapReleaseFolio(folio: Page): boolean {
    if (!this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) {
      this.note(Note.ReleaseEmpty);
      return true;
    }
    return !this.mem.testBit(PG_WRITEBACK, folio + PAGE_FLAGS) && this.btreeReleaseFolio(folio);
  }

  /** 2.9 btree_release_folio. The caller holds the lock of this one folio. Returns whether it has no buffer now. */
  btreeReleaseFolio(folio: Page): boolean {
    this.reached('releasepage:locked');
    if (
      this.mem.testBit(PG_WRITEBACK, folio + PAGE_FLAGS) ||
      this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS)
    ) {
      this.note(Note.ReleaseRefused);
      return false;
    }
    return this.tryReleaseExtentBuffer(folio);
  }

  /** 2.9 try_release_extent_buffer. */
  tryReleaseExtentBuffer(folio: Page): boolean {
    this.mem.spinLock(this.privateLock);
    if (!this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) {
      this.mem.spinUnlock(this.privateLock);
      this.note(Note.ReleaseEmpty);
      return true;
    }
    const eb = this.readPointer(folio + FOLIO_PRIVATE);
    if (this.bugOn(eb === NULL, Check.N7)) {
      this.mem.spinUnlock(this.privateLock);
      return false;
    }
    this.mem.spinLock(eb + EB_REFS_LOCK);
    if (this.refcountRead(eb) !== 1 || this.extentBufferUnderIo(eb)) {
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
      this.mem.spinUnlock(this.privateLock);
      this.note(Note.ReleaseRefused);
      return false;
    }
    this.mem.spinUnlock(this.privateLock);
    this.reached('releasepage:checked');
    if (!this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) {
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
      this.note(Note.ReleaseForeign);
      return false;
    }
    this.reached('releasepage:stripped');
    const isGone = this.releaseExtentBuffer(eb);
    this.note(isGone ? Note.Released : Note.TreeRefStripped);
    return isGone;
  }

  /** The lock of the tree, which is xa_lock or buffer_lock. */
  protected xaLock(): void {
    this.mem.spinLock(this.fsInfo + FS_TREE_LOCK);
  }

  protected xaUnlock(): void {
    this.mem.spinUnlock(this.fsInfo + FS_TREE_LOCK);
  }

  /** clear_and_wake_up_bit; up to 6.16 a clear_bit with a full barrier behind it. */
  protected clearBitAndWake(bit: number, address: Address): void {
    if (this.kernel.hasRefcounts) this.mem.clearAndWakeUpBit(bit, address);
    else this.mem.clearBit(bit, address);
  }

  /** refcount_read of `eb->refs`. */
  protected refcountRead(eb: ExtentBuffer): number {
    return this.kernel.hasRefcounts ? this.mem.refcountRead(eb + EB_REFS) : this.mem.atomicRead(eb + EB_REFS);
  }

  /** refcount_inc, by who has a reference; an atomic_t would rise from 0 unseen, whose old value costs no access here. */
  protected refcountInc(eb: ExtentBuffer): void {
    const found = this.kernel.hasRefcounts
      ? this.mem.refcountInc(eb + EB_REFS)
      : this.mem.atomicFetchInc(eb + EB_REFS);
    this.warnOn(found <= 0, Check.N3);
  }

  /** refcount_inc_not_zero. */
  protected refcountIncNotZero(eb: ExtentBuffer): boolean {
    return this.kernel.hasRefcounts
      ? this.mem.refcountIncNotZero(eb + EB_REFS)
      : this.mem.atomicIncNotZero(eb + EB_REFS);
  }

  /** refcount_dec, which must leave a reference. */
  protected refcountDec(eb: ExtentBuffer): void {
    if (this.kernel.hasRefcounts) this.warnOn(this.mem.refcountDec(eb + EB_REFS) <= 1, Check.N3);
    else this.mem.atomicDec(eb + EB_REFS);
  }

  /** refcount_dec_and_test: whether it was the last. An atomic_t has a WARN_ON in front of it. */
  protected refcountDecAndTest(eb: ExtentBuffer): boolean {
    if (this.kernel.hasRefcounts) {
      const found = this.mem.refcountDecAndTest(eb + EB_REFS);
      this.warnOn(found <= 0, Check.N3);
      return found === 1;
    }
    this.warnOn(this.mem.atomicRead(eb + EB_REFS) === 0, Check.N3);
    return this.mem.atomicDecAndTest(eb + EB_REFS);
  }
}
