import { NULL, type Page, PAGE_FLAGS } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE } from '../../../memory/page-flags.ts';
import { EXTENT_BUFFER_IN_TREE, EXTENT_BUFFER_UPTODATE } from './bflags.ts';
import { Check } from './check.ts';
import {
  EB_BFLAGS,
  EB_INHIBITORS,
  EB_REFS,
  type ExtentBuffer,
  FOLIO_PRIVATE,
  FS_TREE_SLOT,
} from './layout.ts';
import { Note } from './note.ts';
import { References } from './references.ts';

/** What an allocation comes to: that it may go on, or the live buffer that somebody else has built, referenced. */
type Inserted = 'inserted' | ExtentBuffer;

/** Building an extent_buffer: its memory, its folios, and its entry in the tree (fs/btrfs/extent_io.c, v7.3). */
export class Allocation extends References {
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ...References.functionParts,
    ['insertIntoTree', 'allocExtentBuffer'],
    ['freeNewBuffer', 'allocExtentBuffer'],
    ['detachDying', 'grabExtentBuffer'],
  ]);

  /** 2.5 alloc_extent_buffer. The caller owns a reference of what is returned. */
  allocExtentBuffer(): ExtentBuffer {
    const found = this.findExtentBuffer();
    if (found !== NULL) return found;

    const eb = this.mem.kmemCacheZalloc(this.fsInfo);
    this.initExtentBuffer(eb);
    this.reached('alloc:new');
    let areAllUptodate = true;
    for (let index = 0; index < this.geometry.pages; index++) {
      const folio = this.folio(index);
      const existing = this.attachEbFolioToFilemap(eb, folio);
      if (existing !== NULL) {
        this.note(Note.ExistsPage);
        return this.freeNewBuffer(eb, index, existing);
      }
      this.warnOn(this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS), Check.N5);
      if (!this.isFolioUptodate(folio)) areAllUptodate = false;
    }
    // Trusts the folios: what they hold is not verified again, but for its level and first key by whoever finds it.
    if (areAllUptodate) this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
    this.reached('alloc:attached');

    const inserted = this.insertIntoTree(eb);
    if (inserted !== 'inserted') {
      this.note(Note.ExistsTree);
      return this.freeNewBuffer(eb, this.geometry.pages, inserted);
    }
    this.reached('alloc:inserted');
    this.checkBufferTreeRef(eb);
    if (this.kernel.hasRadixTree) this.mem.setBit(EXTENT_BUFFER_IN_TREE, eb + EB_BFLAGS);
    for (let index = 0; index < this.geometry.pages; index++) {
      const folio = this.folio(index);
      this.mem.unlockPage(folio);
      // That of its allocation or look-up.
      if (!this.kernel.ownsFolios) this.folioPut(folio);
    }
    this.note(Note.Allocated);
    return eb;
  }

  /** init_extent_buffer, of memory that is all zero. */
  protected initExtentBuffer(eb: ExtentBuffer): void {
    if (this.kernel.hasRefcounts) this.mem.refcountSet(eb + EB_REFS, 1);
    else this.mem.atomicSet(eb + EB_REFS, 1);
    if (this.kernel.hasInhibitors) this.mem.atomicSet(eb + EB_INHIBITORS, 0);
  }

  /**
   * Step 4 of 2.5, attach_eb_folio_to_filemap for one folio: it is locked, with a reference, and attached to `eb`, and NULL is returned;
   * or the live buffer that it belongs to, with a reference.
   */
  protected attachEbFolioToFilemap(eb: ExtentBuffer, folio: Page): ExtentBuffer {
    const isExisting = this.lockOrAddFolio(folio);
    this.mem.spinLock(this.privateLock);
    const existing = isExisting ? this.grabExtentBuffer(folio) : NULL;
    if (existing !== NULL) {
      this.mem.spinUnlock(this.privateLock);
      this.mem.unlockPage(folio);
      this.folioPut(folio);
      return existing;
    }
    this.attachExtentBufferFolio(eb, folio);
    this.mem.spinUnlock(this.privateLock);
    return NULL;
  }

  /** 2.5 grab_extent_buffer: the live buffer of a folio with a reference, or NULL; a dying one loses the folio. */
  protected grabExtentBuffer(folio: Page): ExtentBuffer {
    this.lockdepAssertHeld(this.privateLock);
    if (!this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) return NULL;
    const existing = this.readPointer(folio + FOLIO_PRIVATE);
    // Neither the STALE handshake nor check_buffer_tree_ref are on this path, which had the latter in 2020.
    if (this.refcountIncNotZero(existing)) return existing;
    this.note(Note.DyingFound);
    this.reached('grab:dying');
    this.warnOn(this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS), Check.N5);
    this.detachDying(folio);
    return NULL;
  }

  /** The end of grab_extent_buffer: a dying buffer loses the folio. */
  protected detachDying(folio: Page): void {
    this.folioDetachPrivate(folio);
  }

  /** 2.5 attach_extent_buffer_folio, under the i_private_lock. */
  protected attachExtentBufferFolio(eb: ExtentBuffer, folio: Page): void {
    this.lockdepAssertHeld(this.privateLock);
    if (this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS))
      this.warnOn(this.readPointer(folio + FOLIO_PRIVATE) !== eb, Check.N6);
    else this.folioAttachPrivate(folio, eb);
  }

  /** Step 6 of 2.5: puts the buffer into the tree, or takes a reference of the one that is there. */
  protected insertIntoTree(eb: ExtentBuffer): Inserted {
    for (;;) {
      this.xaLock();
      const existing = this.mem.atomicCmpxchg(this.fsInfo + FS_TREE_SLOT, NULL, eb);
      if (existing === NULL) {
        this.xaUnlock();
        return 'inserted';
      }
      if (this.kernel.hasRadixTree) {
        this.xaUnlock();
        const found = this.findExtentBuffer();
        if (found !== NULL) return found;
      } else {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands in the slot is a buffer
        const isTaken = this.refcountIncNotZero(existing as ExtentBuffer);
        this.xaUnlock();
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
        if (isTaken) return existing as ExtentBuffer;
      }
      // The old buffer has no references any more and is not deleted yet. The kernel spins without a pause.
      this.note(Note.DyingFound);
      this.mem.cpuRelax();
    }
  }

  /** `out` of 2.5: gives up the new buffer, which is in no tree, and its folios. Returns `existing`. */
  protected freeNewBuffer(eb: ExtentBuffer, attached: number, existing: ExtentBuffer): ExtentBuffer {
    this.warnOn(!this.refcountDecAndTest(eb), Check.N4);
    for (let index = 0; index < attached; index++) {
      const folio = this.folio(index);
      // Detached before it is unlocked, or the next allocator would grab a buffer that is about to be freed.
      if (!this.detachExtentBufferFolio(eb, folio)) return existing;
      this.mem.unlockPage(folio);
      this.folioPut(folio);
    }
    if (!this.mem.kmemCacheFree(eb)) this.violated(Check.DoubleFree);
    return existing;
  }
}
