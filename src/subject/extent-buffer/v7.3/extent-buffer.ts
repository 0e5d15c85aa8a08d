import { NULL, type Page, PAGE_FLAGS } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_WRITEBACK } from '../../../memory/page-flags.ts';
import { EXTENT_BUFFER_READING } from './bflags.ts';
import { Check } from './check.ts';
import { type KernelName, kernels, type KernelSwitches } from './kernel.ts';
import { EB_BFLAGS, EB_REFS_LOCK, FS_STOPPED, FS_TREE_SLOT } from './layout.ts';
import { Writing } from './writing.ts';

/**
 * The extent_buffer of today's kernels: references, folios, reads, changes and writes; and umount. A strategy is a subclass with methods
 * overridden, and so is another kernel, which `kernel` tells.
 */
export class ExtentBuffer extends Writing {
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ...Writing.functionParts,
    ['checkHeldBuffer', 'invalidateAndCheckBtreeFolios'],
    ['removeFolio', 'invalidateInodePages2'],
  ]);

  /** 2.18 the part of close_ctree that is about buffers: folios go, reads are waited for, and workers stop. */
  closeCtree(): void {
    this.invalidateAndCheckBtreeFolios();
    this.btrfsStopAllWorkers();
  }

  /** 2.18 invalidate_and_check_btree_folios, since 7.2; before, one invalidate_inode_pages2. */
  invalidateAndCheckBtreeFolios(): void {
    if (this.invalidateInodePages2() || !this.kernel.checksAtUmount) return;
    this.checkHeldBuffer();
    this.invalidateInodePages2();
  }

  /** The loop of the former over the buffer_tree. */
  protected checkHeldBuffer(): void {
    this.mem.rcuReadLock();
    const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
    const isTaken = eb !== NULL && this.refcountIncNotZero(eb);
    this.mem.rcuReadUnlock();
    if (!isTaken) return;
    if (this.mem.testBit(EXTENT_BUFFER_READING, eb + EB_BFLAGS))
      this.mem.waitOnBit(EXTENT_BUFFER_READING, eb + EB_BFLAGS);
    this.mem.spinLock(eb + EB_REFS_LOCK);
    const refs = this.refcountRead(eb);
    this.mem.spinUnlock(eb + EB_REFS_LOCK);
    this.warnOn(refs > 2 || this.extentBufferUnderIo(eb), Check.N14);
    this.freeExtentBuffer(eb);
  }

  /** invalidate_inode_pages2 of the btree inode: whether all folios have left the page cache. */
  invalidateInodePages2(): boolean {
    let areAllGone = true;
    for (let index = 0; index < this.geometry.pages; index++) {
      const folio = this.folio(index);
      if (!this.filemapGetEntry(folio)) continue;
      this.mem.lockPage(folio);
      if (this.isInPageCache(folio)) {
        this.mem.waitOnBit(PG_WRITEBACK, folio + PAGE_FLAGS);
        if (!this.removeFolio(folio)) areAllGone = false;
      }
      this.mem.unlockPage(folio);
      this.folioPut(folio);
    }
    return areAllGone;
  }

  /** invalidate_complete_folio2: whether the folio belongs to no buffer and has left the page cache. */
  protected removeFolio(folio: Page): boolean {
    if (!this.filemapReleaseFolio(folio)) return false;
    if (this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS)) return false;
    this.filemapRemoveFolio(folio);
    this.folioPut(folio);
    return true;
  }

  /** btrfs_stop_all_workers: the workqueues are drained and freed. */
  btrfsStopAllWorkers(): void {
    this.mem.writeOnce(this.fsInfo + FS_STOPPED, 1);
  }

  /** The work of a bio that has ended is queued, if there still is a workqueue. Returns false if there is none. */
  queueEndIo(): boolean {
    return !this.bugOn(this.mem.readOnce(this.fsInfo + FS_STOPPED) !== 0, Check.P8);
  }
}

/** The model of a kernel, as a class to extend. */
export type ExtentBufferClass = typeof ExtentBuffer;

/** The models of kernels, made once each: strategies tell them by their identity. */
const classes = new Map<KernelName, ExtentBufferClass>();

/** The model of a kernel. */
export function extentBufferOf(name: KernelName): ExtentBufferClass {
  const known = classes.get(name);
  if (known !== undefined) return known;
  const made = class extends ExtentBuffer {
    override get kernel(): KernelSwitches {
      return kernels[name];
    }
  };
  Object.defineProperty(made, 'name', { value: `ExtentBuffer of ${name}` });
  classes.set(name, made);
  return made;
}
