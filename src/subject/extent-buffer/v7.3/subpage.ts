import { NULL, type Page, PAGE_FLAGS } from '../../../memory/layout.ts';
import { PG_PRIVATE, PG_UPTODATE } from '../../../memory/page-flags.ts';
import { EXTENT_BUFFER_TREE_REF } from './bflags.ts';
import { Check } from './check.ts';
import { ExtentBuffer as ExtentBufferModel } from './extent-buffer.ts';
import { type KernelName, kernels, type KernelSwitches } from './kernel.ts';
import { EB_BFLAGS, EB_REFS_LOCK, type ExtentBuffer, FOLIO_EB_REFS, FS_TREE_SLOT } from './layout.ts';
import { Note } from './note.ts';

/**
 * The subpage layout (nodesize < PAGE_SIZE), as far as its races need it: a folio has several blocks, and `folio->private` is a state
 * that they share, with the number of their buffers, `eb_refs`, under the i_private_lock. Which buffer a block has is up to the tree
 * alone (fs/btrfs/extent_io.c and subpage.c; 2.5, 2.9 and 2.10 of kernel-7.3.md).
 *
 * Simplifications:
 * - A world has one of the blocks of a folio, so that walks over the slots of a folio come to one slot, and `eb_refs` counts the
 *   buffers that are built, live or die for this block.
 * - The state is a part of the folio, which has one while PG_private is set; the word `private` stays NULL. Its bitmaps are the bits
 *   of the folio: who attaches a state finds none of them set. Its own lock, which guards nothing else, is left out.
 * - Only a read looks whether there is a state before it sets bits there. Nobody makes a buffer dirty, for which the kernel locks the
 *   folio in this layout.
 */
export class Subpage extends ExtentBufferModel {
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ...ExtentBufferModel.functionParts,
    ['releaseBuffers', 'tryReleaseSubpageExtentBuffer'],
    ['releaseBuffersOfRadixTree', 'tryReleaseSubpageExtentBuffer'],
    ['releaseUnheld', 'tryReleaseSubpageExtentBuffer'],
    ['isHeld', 'tryReleaseSubpageExtentBuffer'],
    ['takeFromTree', 'tryReleaseSubpageExtentBuffer'],
    ['dropOfTree', 'tryReleaseSubpageExtentBuffer'],
  ]);

  /** 2.5 grab_extent_buffer: the insertion into the tree arbitrates. */
  protected override grabExtentBuffer(_folio: Page): ExtentBuffer {
    return NULL;
  }

  /** 2.5 attach_extent_buffer_folio, which gives a folio without a state the one that was allocated before; and the count. */
  protected override attachExtentBufferFolio(_eb: ExtentBuffer, folio: Page): void {
    this.lockdepAssertHeld(this.privateLock);
    if (!this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) {
      this.mem.clearBit(PG_UPTODATE, folio + PAGE_FLAGS);
      this.folioAttachPrivate(folio, NULL);
    }
    this.btrfsFolioIncEbRefs(folio);
  }

  /** btrfs_folio_inc_eb_refs, under the i_private_lock. */
  protected btrfsFolioIncEbRefs(folio: Page): void {
    this.mem.atomicInc(folio + FOLIO_EB_REFS);
  }

  /** btrfs_folio_dec_eb_refs, under the i_private_lock. Returns false where an ASSERT ended it. */
  protected btrfsFolioDecEbRefs(folio: Page): boolean {
    if (this.bugOn(this.mem.atomicRead(folio + FOLIO_EB_REFS) === 0, Check.N15)) return false;
    this.mem.atomicDec(folio + FOLIO_EB_REFS);
    return true;
  }

  /** 2.10 detach_extent_buffer_folio: the state goes with the last buffer of the folio. */
  protected override detachExtentBufferFolio(_eb: ExtentBuffer, folio: Page): boolean {
    // As in the normal layout.
    if (this.bugOn(!this.isInPageCache(folio), Check.P1)) return false;
    this.mem.spinLock(this.privateLock);
    let isSound = true;
    if (this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) {
      isSound = this.btrfsFolioDecEbRefs(folio);
      if (isSound && !this.folioRangeHasEb(folio)) this.folioDetachPrivate(folio);
    }
    this.mem.spinUnlock(this.privateLock);
    return isSound;
  }

  /** folio_range_has_eb, under the i_private_lock. */
  protected folioRangeHasEb(folio: Page): boolean {
    return this.mem.atomicRead(folio + FOLIO_EB_REFS) !== 0;
  }

  /** btrfs_subpage_assert of every folio: whether it has a state to set bits in. */
  protected btrfsSubpageAssert(): boolean {
    for (let index = 0; index < this.geometry.pages; index++) {
      const hasState = this.mem.testBit(PG_PRIVATE, this.folio(index) + PAGE_FLAGS);
      if (this.bugOn(!hasState, Check.N15)) return false;
    }
    return true;
  }

  override setExtentBufferUptodate(eb: ExtentBuffer): void {
    if (this.btrfsSubpageAssert()) super.setExtentBufferUptodate(eb);
  }

  override clearExtentBufferUptodate(eb: ExtentBuffer): void {
    if (this.btrfsSubpageAssert()) super.clearExtentBufferUptodate(eb);
  }

  override tryReleaseExtentBuffer(folio: Page): boolean {
    return this.tryReleaseSubpageExtentBuffer(folio);
  }

  /** 2.9 try_release_subpage_extent_buffer: what counts in the end is whether the folio has a state. */
  tryReleaseSubpageExtentBuffer(folio: Page): boolean {
    if (this.kernel.hasRadixTree) this.releaseBuffersOfRadixTree();
    else this.releaseBuffers();
    this.mem.spinLock(this.privateLock);
    const isGone = !this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS);
    this.mem.spinUnlock(this.privateLock);
    this.note(isGone ? Note.Released : Note.ReleaseRefused);
    return isGone;
  }

  /**
   * The walk over the slots of the folio, since ad580dfa388f (6.17) under RCU. The kernel leaves the read section as soon as it has the
   * refs_lock, which is a section by itself, since it is not preempted there; here it is left once the buffer is known to live.
   */
  protected releaseBuffers(): void {
    this.mem.rcuReadLock();
    const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
    if (eb !== NULL) {
      this.mem.spinLock(eb + EB_REFS_LOCK);
      if (this.isHeld(eb)) this.mem.spinUnlock(eb + EB_REFS_LOCK);
      else this.releaseUnheld(eb);
    }
    this.mem.rcuReadUnlock();
  }

  /** What the walk does with a buffer that nobody holds. The caller has the refs_lock, which is dropped, and what guards the walk. */
  protected releaseUnheld(eb: ExtentBuffer): void {
    this.mem.rcuReadUnlock();
    this.takeFromTree(eb);
    this.mem.rcuReadLock();
  }

  /** The walk up to 6.15, under the buffer_lock. */
  protected releaseBuffersOfRadixTree(): void {
    this.xaLock();
    const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
    if (eb === NULL) {
      this.xaUnlock();
      return;
    }
    this.mem.spinLock(eb + EB_REFS_LOCK);
    const isHeld = this.isHeld(eb);
    if (isHeld) this.mem.spinUnlock(eb + EB_REFS_LOCK);
    this.xaUnlock();
    if (isHeld) return;
    this.takeFromTree(eb);
  }

  /** Whether a buffer has other references than that of the tree, or is under IO. The caller holds the refs_lock. */
  protected isHeld(eb: ExtentBuffer): boolean {
    return this.refcountRead(eb) !== 1 || this.extentBufferUnderIo(eb);
  }

  /**
   * Takes the reference of the tree from a buffer, and drops it: false where TREE_REF is clear, so that the only reference is somebody's.
   * The caller holds the refs_lock, which is dropped.
   */
  protected takeFromTree(eb: ExtentBuffer): boolean {
    this.reached('releasepage:checked');
    if (!this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) {
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
      this.note(Note.ReleaseForeign);
      return false;
    }
    this.dropOfTree(eb);
    return true;
  }

  /** The end of the former, behind the test of TREE_REF. */
  protected dropOfTree(eb: ExtentBuffer): void {
    this.reached('releasepage:stripped');
    if (!this.releaseExtentBuffer(eb)) this.note(Note.TreeRefStripped);
  }
}

/** The model of a kernel in the subpage layout, as a class to extend. */
export type SubpageClass = typeof Subpage;

/** The models of kernels, made once each, as in extent-buffer.ts. */
const classes = new Map<KernelName, SubpageClass>();

/** The model of a kernel in the subpage layout. */
export function subpageOf(name: KernelName): SubpageClass {
  const known = classes.get(name);
  if (known !== undefined) return known;
  const made = class extends Subpage {
    override get kernel(): KernelSwitches {
      return kernels[name];
    }
  };
  Object.defineProperty(made, 'name', { value: `Subpage of ${name}` });
  classes.set(name, made);
  return made;
}
