import {
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_REFS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
} from './layout.ts';
import { type Address, NULL, type Page, PAGE_FLAGS, pageAt } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE, PG_REFERENCED, PG_WRITEBACK } from '../../../memory/page-flags.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UNMAPPED,
  EXTENT_BUFFER_WRITEBACK,
} from './bflags.ts';
import { extentBufferStructures } from './structures.ts';
import type { Structure } from '../../../memory/schema.ts';
import { Check } from './check.ts';
import { Model } from '../../../model/model.ts';
import { Note, type NoteBit } from './note.ts';
import type { PointName } from './point.ts';

/**
 * References of an extent_buffer: how they are taken, dropped and reclaimed in the kernel before the fix
 * (fs/btrfs/extent_io.c, v5.7). One method per kernel function, its shared accesses in the kernel's order; section
 * numbers are kernel.md's.
 *
 * EXTENT_BUFFER_UNMAPPED, which only the kernel's own self tests set, is tested in free_extent_buffer and nowhere else:
 * here all buffers are mapped, and the further tests of a bit that never changes would show nothing.
 */
export class ExtentBufferCore extends Model {
  static override readonly structures: readonly Structure[] = extentBufferStructures;
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ['releaseChecked', 'tryReleaseExtentBuffer'],
  ]);
  static override readonly inlined: ReadonlySet<string> = new Set([
    'readPointer',
    'isPageUptodate',
    'markPageAccessed',
    'markPages',
    'getPage',
    'putPage',
    'unlockPages',
  ]);
  /** 1.1 extent_buffer_under_io. */
  extentBufferUnderIo(eb: ExtentBuffer): boolean {
    return (
      this.mem.atomicRead(eb + EB_IO_PAGES) !== 0 ||
      this.mem.testBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS) ||
      this.mem.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS)
    );
  }

  /**
   * 1.2 check_buffer_tree_ref. The caller owns a reference. Returns whether TREE_REF was clear and is set again,
   * which the kernel's function does not say.
   */
  checkBufferTreeRef(eb: ExtentBuffer): boolean {
    const refs = this.mem.atomicRead(eb + EB_REFS);
    // The hole of the race: no lock is taken, so that releasepage may be about to clear the bit.
    if (refs >= 2 && this.mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) return false;
    this.mem.spinLock(eb + EB_REFS_LOCK);
    const wasClear = !this.mem.testAndSetBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
    if (wasClear) this.mem.atomicInc(eb + EB_REFS);
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    return wasClear;
  }

  /** 1.3 mark_extent_buffer_accessed. `accessed` is a page that its finder has marked already, or NULL. */
  markExtentBufferAccessed(eb: ExtentBuffer, accessed: Page): void {
    if (this.checkBufferTreeRef(eb)) this.note(Note.TreeRefSet);
    for (let index = 0; index < this.geometry.pages; index++) {
      const page = pageAt(this.fsInfo, index);
      if (page !== accessed) this.markPageAccessed(page);
    }
  }

  /** 1.4 find_extent_buffer. NULL if the block has no buffer, or only a dying one. */
  findExtentBuffer(): ExtentBuffer {
    this.mem.rcuReadLock();
    const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
    if (eb === NULL) {
      this.mem.rcuReadUnlock();
      this.note(Note.Missed);
      return NULL;
    }
    if (!this.mem.atomicIncNotZero(eb + EB_REFS)) {
      this.mem.rcuReadUnlock();
      this.note(Note.DyingFound);
      return NULL;
    }
    this.mem.rcuReadUnlock();
    this.reached('find:ref');
    if (this.mem.testBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS)) {
      // Nothing to do inside: it waits for a free_extent_buffer that has seen the old count.
      this.note(Note.StaleHandshake);
      this.mem.spinLock(eb + EB_REFS_LOCK);
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
    }
    this.markExtentBufferAccessed(eb, NULL);
    this.note(Note.Found);
    this.reached('find:done');
    return eb;
  }

  /** 1.7 free_extent_buffer: drops the caller's reference. */
  freeExtentBuffer(eb: ExtentBuffer): void {
    this.reached('free:entry');
    for (;;) {
      const refs = this.mem.atomicRead(eb + EB_REFS);
      // Tree, caller and one spare: below that the count may only change under the refs_lock.
      const isMapped = !this.mem.testBit(EXTENT_BUFFER_UNMAPPED, eb + EB_BFLAGS);
      if (isMapped ? refs <= 3 : refs === 1) break;
      if (this.mem.atomicCmpxchg(eb + EB_REFS, refs, refs - 1) === refs) return;
    }
    this.mem.spinLock(eb + EB_REFS_LOCK);
    if (
      this.mem.atomicRead(eb + EB_REFS) === 2 &&
      this.mem.testBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS) &&
      !this.extentBufferUnderIo(eb) &&
      this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)
    ) {
      this.mem.atomicDec(eb + EB_REFS);
    }
    if (this.releaseExtentBuffer(eb)) this.note(Note.LastPut);
  }

  /** 1.7 free_extent_buffer_stale: as above, and the tree is to let go of the buffer too. */
  freeExtentBufferStale(eb: ExtentBuffer): void {
    this.mem.spinLock(eb + EB_REFS_LOCK);
    this.mem.setBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS);
    if (
      this.mem.atomicRead(eb + EB_REFS) === 2 &&
      !this.extentBufferUnderIo(eb) &&
      this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)
    ) {
      this.mem.atomicDec(eb + EB_REFS);
    }
    if (this.releaseExtentBuffer(eb)) this.note(Note.LastPut);
  }

  /** 1.8 release_extent_buffer. The caller holds the refs_lock, which is dropped. Returns whether the buffer is gone. */
  releaseExtentBuffer(eb: ExtentBuffer): boolean {
    this.warnOn(this.mem.atomicRead(eb + EB_REFS) === 0, Check.B3);
    if (!this.mem.atomicDecAndTest(eb + EB_REFS)) {
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
      return false;
    }
    // From here to the deletion, look-ups find the buffer and fail to take a reference.
    const wasInTree = this.mem.testAndClearBit(EXTENT_BUFFER_IN_TREE, eb + EB_BFLAGS);
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    this.reached('release:zero');
    if (wasInTree) {
      this.mem.spinLock(this.fsInfo + FS_BUFFER_LOCK);
      this.mem.writeOnce(this.fsInfo + FS_TREE_SLOT, NULL);
      this.mem.spinUnlock(this.fsInfo + FS_BUFFER_LOCK);
    }
    // From here to the detachment, a new buffer for the same block can be built over the same pages.
    this.reached('release:deleted');
    if (!this.btrfsReleaseExtentBufferPages(eb)) return true;
    if (!this.mem.callRcuFree(eb)) this.violated(Check.DoubleFree);
    return true;
  }

  /** 1.9 btrfs_release_extent_buffer_pages. Returns false where the BUG_ON of the race ended it. */
  btrfsReleaseExtentBufferPages(eb: ExtentBuffer): boolean {
    if (this.bugOn(this.extentBufferUnderIo(eb), Check.B1)) return false;
    const attached = this.mem.readOnce(eb + EB_PAGES);
    for (let index = 0; index < attached; index++) {
      const page = pageAt(this.fsInfo, index);
      this.mem.spinLock(this.fsInfo + FS_PRIVATE_LOCK);
      // The page may be somebody else's by now: see the second window of releaseExtentBuffer.
      if (this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS) && this.readPointer(page + PAGE_PRIVATE) === eb) {
        if (
          this.bugOn(this.mem.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS), Check.B2) ||
          this.bugOn(this.mem.testBit(PG_DIRTY, page + PAGE_FLAGS), Check.B2) ||
          this.bugOn(this.mem.testBit(PG_WRITEBACK, page + PAGE_FLAGS), Check.B2)
        ) {
          this.mem.spinUnlock(this.fsInfo + FS_PRIVATE_LOCK);
          return false;
        }
        this.mem.clearBit(PG_PRIVATE, page + PAGE_FLAGS);
        this.mem.writeOnce(page + PAGE_PRIVATE, NULL);
        this.putPage(page);
      }
      this.mem.spinUnlock(this.fsInfo + FS_PRIVATE_LOCK);
      this.putPage(page);
    }
    return true;
  }

  /** 1.10 btree_releasepage. The caller holds the lock of this one page. Returns whether the page has no buffer now. */
  btreeReleasepage(page: Page): boolean {
    this.reached('releasepage:locked');
    if (this.mem.testBit(PG_WRITEBACK, page + PAGE_FLAGS) || this.mem.testBit(PG_DIRTY, page + PAGE_FLAGS)) {
      this.note(Note.ReleaseRefused);
      return false;
    }
    return this.tryReleaseExtentBuffer(page);
  }

  /** 1.10 try_release_extent_buffer. */
  tryReleaseExtentBuffer(page: Page): boolean {
    const privateLock = this.fsInfo + FS_PRIVATE_LOCK;
    this.mem.spinLock(privateLock);
    if (!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
      this.mem.spinUnlock(privateLock);
      this.note(Note.ReleaseEmpty);
      return true;
    }
    const eb = this.readPointer(page + PAGE_PRIVATE);
    if (this.bugOn(eb === NULL, Check.B4)) {
      this.mem.spinUnlock(privateLock);
      return false;
    }
    this.mem.spinLock(eb + EB_REFS_LOCK);
    if (this.mem.atomicRead(eb + EB_REFS) !== 1 || this.extentBufferUnderIo(eb)) {
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
      this.mem.spinUnlock(privateLock);
      this.note(Note.ReleaseRefused);
      return false;
    }
    this.mem.spinUnlock(privateLock);
    // From here on anybody can raise refs: atomic_inc_not_zero does not take the refs_lock.
    this.reached('releasepage:checked');
    return this.releaseChecked(eb);
  }

  /** The rest of 1.10, where nobody seemed to use the buffer. The caller holds the refs_lock, which is dropped. */
  protected releaseChecked(eb: ExtentBuffer): boolean {
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

  /** `READ_ONCE` of a pointer to an extent_buffer. */
  protected readPointer(address: Address): ExtentBuffer {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only pointers and NULL are ever stored there
    return this.mem.readOnce(address) as ExtentBuffer;
  }

  /** `mark_page_accessed`, without the activation on the LRU lists that a second call brings. */
  protected markPageAccessed(page: Page): void {
    if (!this.mem.testBit(PG_REFERENCED, page + PAGE_FLAGS))
      this.mem.setBit(PG_REFERENCED, page + PAGE_FLAGS);
  }

  /** `get_page`. */
  protected getPage(page: Page): void {
    this.mem.atomicInc(page + PAGE_REFCOUNT);
  }

  /** `put_page`. The page cache keeps a reference of its own here, so that no put may ever be the last. */
  protected putPage(page: Page): void {
    if (this.mem.atomicDecAndTest(page + PAGE_REFCOUNT)) this.violated(Check.Q2);
  }

  /** Notes what happened in this trial. */
  protected override note(bit: NoteBit): void {
    this.notes |= bit;
  }

  /** A named place between two steps. */
  protected override reached(_point: PointName): void {}
}
