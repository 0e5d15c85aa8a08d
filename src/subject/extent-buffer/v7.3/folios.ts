import { type Address, type Page, PAGE_FLAGS, pageAt } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE, PG_REFERENCED, PG_UPTODATE } from '../../../memory/page-flags.ts';
import type { Structure } from '../../../memory/schema.ts';
import { Model } from '../../../model/model.ts';
import { Check } from './check.ts';
import { DEFAULT_KERNEL, kernels, type KernelSwitches } from './kernel.ts';
import {
  type ExtentBuffer,
  FOLIO_MAPPING,
  FOLIO_PAYLOAD,
  FOLIO_PRIVATE,
  FOLIO_REFCOUNT,
  FS_PRIVATE_LOCK,
  MAPPING_CACHED,
  MAPPING_LEFT,
  MAPPING_NONE,
  PAYLOAD_GARBAGE,
} from './layout.ts';
import { Note, type NoteBit } from './note.ts';
import type { PointName } from './point.ts';
import { structures } from './structures.ts';

/** References of a folio that reclaim expects: that of the page cache, and its own. */
const CACHE_AND_ISOLATION = 2;

/**
 * What the mm does with the folios of a block: how they come into the page cache, are looked up there, and leave it again
 * (mm/filemap.c and mm/vmscan.c, v7.3); and what a folio has of a buffer, `folio->private`.
 */
export class Folios extends Model {
  static override readonly structures: readonly Structure[] = structures;
  static override readonly inlined: ReadonlySet<string> = new Set([
    'readPointer',
    'folioPut',
    'folioAttachPrivate',
    'folioDetachPrivate',
    'folioMarkAccessed',
    'lockdepAssertHeld',
    'bio',
    'bufferOf',
    'isFolioUptodate',
    'isInPageCache',
    'filemapRemoveFolio',
    'refcountRead',
    'refcountInc',
    'refcountIncNotZero',
    'refcountDec',
    'refcountDecAndTest',
    'clearBitAndWake',
    'xaLock',
    'xaUnlock',
    'lockOrAddFolio',
  ]);
  /** What the kernel does in one way or another. */
  get kernel(): KernelSwitches {
    return kernels[DEFAULT_KERNEL];
  }

  /**
   * filemap_add_folio with a folio that was just allocated: false is -EEXIST. In the kernel the folio is locked and has its references
   * before it can be found; here it is found a step before, without references, so that nobody gets one.
   */
  protected filemapAddFolio(folio: Page): boolean {
    for (;;) {
      const found = this.mem.atomicCmpxchg(folio + FOLIO_MAPPING, MAPPING_NONE, MAPPING_CACHED);
      if (found === MAPPING_CACHED) return false;
      if (found === MAPPING_NONE) break;
      this.mem.cpuRelax();
    }
    this.warnOn(!this.mem.trylockPage(folio), Check.P1);
    // Of its allocation and of the page cache.
    this.mem.atomicSet(folio + FOLIO_REFCOUNT, 2);
    return true;
  }

  /** The folio of an index, locked and with a reference: whether it was there, or has just been added. */
  protected lockOrAddFolio(folio: Page): boolean {
    for (;;) {
      if (this.filemapAddFolio(folio)) return false;
      if (this.filemapLockFolio(folio)) return true;
    }
  }

  /** filemap_lock_folio: whether there is one; it is locked then, with a reference. */
  protected filemapLockFolio(folio: Page): boolean {
    for (;;) {
      if (!this.filemapGetEntry(folio)) return false;
      this.mem.lockPage(folio);
      if (this.isInPageCache(folio)) return true;
      this.mem.unlockPage(folio);
      this.folioPut(folio);
    }
  }

  /** filemap_get_entry: whether the page cache has a folio for the index; it has a reference more then. */
  protected filemapGetEntry(folio: Page): boolean {
    for (;;) {
      this.mem.rcuReadLock();
      if (!this.isInPageCache(folio)) {
        this.mem.rcuReadUnlock();
        return false;
      }
      if (this.mem.atomicIncNotZero(folio + FOLIO_REFCOUNT)) {
        const isStillThere = this.isInPageCache(folio);
        if (!isStillThere) this.folioPut(folio);
        this.mem.rcuReadUnlock();
        if (isStillThere) return true;
      } else {
        // Its count is frozen, or not set yet: whoever does that is about to be done.
        this.mem.rcuReadUnlock();
        this.mem.cpuRelax();
      }
    }
  }

  /** As isolate_lru_folios and shrink_folio_list come to a folio: with a reference and locked, or not at all. */
  isolateFolio(folio: Page): boolean {
    if (!this.mem.atomicIncNotZero(folio + FOLIO_REFCOUNT)) {
      this.note(Note.PageBusy);
      return false;
    }
    if (this.mem.trylockPage(folio)) return true;
    this.folioPut(folio);
    this.note(Note.PageBusy);
    return false;
  }

  /** As shrink_folio_list leaves a folio in peace. */
  keepLocked(folio: Page): void {
    this.mem.unlockPage(folio);
    this.folioPut(folio);
  }

  /**
   * __remove_mapping of a locked folio that belongs to no buffer, and what shrink_folio_list does with it then: it is freed. Returns
   * false where it has users and stays, or has left the page cache without reclaim. The i_pages lock is left out: nobody comes to a
   * folio whose count is frozen, and an entry that is empty is filled by one actor.
   */
  removeMapping(folio: Page): boolean {
    this.reached('reclaim:released');
    if (!this.isInPageCache(folio)) {
      this.note(Note.PageBusy);
      return false;
    }
    if (this.mem.atomicCmpxchg(folio + FOLIO_REFCOUNT, CACHE_AND_ISOLATION, 0) !== CACHE_AND_ISOLATION) {
      this.note(Note.FreezeFailed);
      return false;
    }
    if (this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS)) {
      this.mem.atomicSet(folio + FOLIO_REFCOUNT, CACHE_AND_ISOLATION);
      this.note(Note.FreezeFailed);
      return false;
    }
    // The kernel unlocks it behind the removal, which nobody can tell: there is no reference to wait with.
    this.mem.unlockPage(folio);
    this.freeFolio(folio);
    this.note(Note.FolioFreed);
    return true;
  }

  /** Of a folio that was freed nothing is left for who gets it next: who adds one to the page cache, from the last step on. */
  protected freeFolio(folio: Page): void {
    this.mem.writeOnce(folio + PAGE_FLAGS, 0);
    this.mem.writeOnce(folio + FOLIO_PAYLOAD, PAYLOAD_GARBAGE);
    this.mem.writeOnce(folio + FOLIO_MAPPING, MAPPING_NONE);
  }

  /** __filemap_remove_folio of a locked folio; the reference of the page cache is the caller's now. */
  protected filemapRemoveFolio(folio: Page): void {
    this.mem.writeOnce(folio + FOLIO_MAPPING, MAPPING_LEFT);
  }

  /** Whether `folio->mapping` is that of the btree inode. */
  protected isInPageCache(folio: Page): boolean {
    return this.mem.readOnce(folio + FOLIO_MAPPING) === MAPPING_CACHED;
  }

  /** `folio_put`: the last reference frees the folio, which must have left the page cache before. */
  protected folioPut(folio: Page): void {
    if (!this.mem.atomicDecAndTest(folio + FOLIO_REFCOUNT)) return;
    if (this.bugOn(this.isInPageCache(folio), Check.P3)) return;
    this.freeFolio(folio);
  }

  /** `folio_attach_private`. */
  protected folioAttachPrivate(folio: Page, eb: ExtentBuffer): void {
    this.mem.atomicInc(folio + FOLIO_REFCOUNT);
    this.mem.writeOnce(folio + FOLIO_PRIVATE, eb);
    this.mem.setBit(PG_PRIVATE, folio + PAGE_FLAGS);
  }

  /** `folio_detach_private`. */
  protected folioDetachPrivate(folio: Page): void {
    if (!this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) return;
    this.mem.clearBit(PG_PRIVATE, folio + PAGE_FLAGS);
    this.mem.writeOnce(folio + FOLIO_PRIVATE, 0);
    this.folioPut(folio);
  }

  /** `folio_mark_accessed`, without the activation on the LRU lists that a second call brings. */
  protected folioMarkAccessed(folio: Page): void {
    if (!this.mem.testBit(PG_REFERENCED, folio + PAGE_FLAGS))
      this.mem.setBit(PG_REFERENCED, folio + PAGE_FLAGS);
  }

  protected isFolioUptodate(folio: Page): boolean {
    return this.mem.testBit(PG_UPTODATE, folio + PAGE_FLAGS);
  }

  /** The folio with the given index (0-based) of the block. */
  protected folio(index: number): Page {
    return pageAt(this.fsInfo, index);
  }

  /** `mapping->i_private_lock` of the btree inode. */
  protected get privateLock(): Address {
    return this.fsInfo + FS_PRIVATE_LOCK;
  }

  /** `lockdep_assert_held`: here that somebody holds it, which lockdep knows of a task. */
  protected lockdepAssertHeld(lock: Address): void {
    this.warnOn(this.mem.readOnce(lock) === 0, Check.N11);
  }

  /** `READ_ONCE` of a pointer to an extent_buffer. */
  protected readPointer(address: Address): ExtentBuffer {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only pointers and NULL are ever stored there
    return this.mem.readOnce(address) as ExtentBuffer;
  }

  /** Notes what happened in this trial. */
  protected override note(bit: NoteBit): void {
    this.notes |= bit;
  }

  /** A named place between two steps. */
  protected override reached(_point: PointName): void {}
}
