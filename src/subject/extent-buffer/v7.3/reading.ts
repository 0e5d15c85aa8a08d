import { NULL, PAGE_FLAGS } from '../../../memory/layout.ts';
import { PG_UPTODATE } from '../../../memory/page-flags.ts';
import type { BioStatus } from '../../../model/block-layer.ts';
import { Allocation } from './allocation.ts';
import {
  EXTENT_BUFFER_READ_ERR,
  EXTENT_BUFFER_READING,
  EXTENT_BUFFER_UPTODATE,
  EXTENT_BUFFER_WRITE_ERR,
} from './bflags.ts';
import { Check } from './check.ts';
import {
  BIO_BUFFER_SHIFT,
  BIO_SECOND_MIRROR,
  BIO_STRICT,
  bufferAt,
  EB_BFLAGS,
  EB_READ_FAILED,
  EB_READ_MIRROR,
  type ExtentBuffer,
  FOLIO_PAYLOAD,
  FS_DISK,
  PAYLOAD_FOREIGN,
  PAYLOAD_MODIFIED,
  PAYLOAD_READ,
  PAYLOAD_VERIFIED,
} from './layout.ts';
import { Note } from './note.ts';

/** `-EAGAIN`. */
export const EAGAIN = -11;
/** `-EIO`. */
export const EIO = -5;
/** `-EUCLEAN`. */
export const EUCLEAN = -117;
/** Copies that a reader tries: two, the metadata profile DUP. */
const MIRRORS = 2;

/** What a reader knows of the block from its parent: `struct btrfs_tree_parent_check`. */
export interface ParentCheck {
  /** It has the first key. Readahead by some callers has none, and takes any block that is sound. */
  readonly hasFirstKey: boolean;
  /** The generation: that which the block has, or the one before it was changed in memory, of an old pointer. */
  readonly transid: 'current' | 'before';
}

/** Reading an extent_buffer: submission and completion (fs/btrfs/extent_io.c and disk-io.c, v7.3). */
export class Reading extends Allocation {
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ...Allocation.functionParts,
    ['verifiedHit', 'readExtentBufferPagesNowait'],
    ['getForBio', 'readExtentBufferPagesNowait'],
    ['submitRead', 'readExtentBufferPagesNowait'],
    ['hasGeneration', 'btrfsBufferUptodate'],
    ['endReading', 'endBbioMetaRead'],
    ['deviceReads', 'endBbioMetaRead'],
    ['inTask', 'endBbioMetaRead'],
  ]);

  /** A read has a reference of its own: that of its bio. */
  override readonly bioReferences: number = 1;

  /** extent_buffer_uptodate. */
  extentBufferUptodate(eb: ExtentBuffer): boolean {
    return this.mem.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
  }

  /** btrfs_verify_level_key: whether the block is the one that its parent speaks of. */
  protected btrfsVerifyLevelKey(check: ParentCheck): boolean {
    return this.mem.readOnce(this.folio(0) + FOLIO_PAYLOAD) !== PAYLOAD_FOREIGN || !check.hasFirstKey;
  }

  /**
   * 2.13 btrfs_buffer_uptodate: 1 if the buffer may be used, 0 if it must be read, or -EUCLEAN. Without a `transid` the generation is
   * not looked at. Before 7.1 it is called with `atomic`, as by readahead and by the first look of a search: -EAGAIN if it does not match.
   */
  btrfsBufferUptodate(
    eb: ExtentBuffer,
    transid: ParentCheck['transid'] | undefined,
    check: ParentCheck,
  ): number {
    if (!this.extentBufferUptodate(eb)) return 0;
    if (transid !== undefined && !this.hasGeneration(transid)) {
      this.note(Note.Refused);
      if (!this.kernel.alwaysClearsUptodate) return EAGAIN;
      this.clearExtentBufferUptodate(eb);
      return 0;
    }
    return this.kernel.verifiesHits && !this.btrfsVerifyLevelKey(check) ? EUCLEAN : 1;
  }

  /**
   * 2.13 read_block_for_search, of a block that is found: 1 if it may be used, 0 if it must be read, or -EUCLEAN. Before f04c6475c2db
   * the search itself holds what it finds against level and first key.
   */
  readBlockForSearch(eb: ExtentBuffer, check: ParentCheck): number {
    const isUptodate = this.btrfsBufferUptodate(eb, check.transid, check);
    if (isUptodate === EAGAIN) return 0;
    if (isUptodate === 1 && !this.kernel.verifiesHits && !this.btrfsVerifyLevelKey(check)) return EUCLEAN;
    return isUptodate;
  }

  /** Whether btrfs_header_generation is the one expected: read without a lock. */
  protected hasGeneration(transid: ParentCheck['transid']): boolean {
    const isChanged = this.mem.readOnce(this.folio(0) + FOLIO_PAYLOAD) === PAYLOAD_MODIFIED;
    return transid === 'current' || !isChanged;
  }

  /** 2.11 read_extent_buffer_pages_nowait. Returns 0 or an error; that somebody else reads is none. */
  readExtentBufferPagesNowait(eb: ExtentBuffer, check: ParentCheck, mirror = 0): number {
    if (this.extentBufferUptodate(eb)) return this.verifiedHit(eb, check);
    this.reached('read:entry');
    if (this.mem.testBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS)) return EIO;
    if (this.mem.testAndSetBit(EXTENT_BUFFER_READING, eb + EB_BFLAGS)) {
      // The other one's check is applied, and not this one.
      this.note(Note.ReadSkipped);
      return 0;
    }
    if (this.extentBufferUptodate(eb)) {
      this.clearExtentBufferReading(eb);
      return this.verifiedHit(eb, check);
    }
    this.reached('read:reading');
    if (this.kernel.hasRadixTree) this.mem.clearBit(EXTENT_BUFFER_READ_ERR, eb + EB_BFLAGS);
    this.mem.writeOnce(eb + EB_READ_MIRROR, 0);
    this.getForBio(eb);
    this.submitRead(eb, check, mirror);
    this.reached('read:submitted');
    return 0;
  }

  /** Of a block that is up to date: verified since 7.1. */
  protected verifiedHit(eb: ExtentBuffer, check: ParentCheck): number {
    this.note(Note.AlreadyUptodate);
    if (!this.kernel.verifiesHits) return 0;
    const isUptodate = this.btrfsBufferUptodate(eb, undefined, check);
    return isUptodate === 0 ? EIO : Math.min(0, isUptodate);
  }

  /** Steps 6 and 7 of 2.11: the reference of the bio. */
  protected getForBio(eb: ExtentBuffer): void {
    if (this.checkBufferTreeRef(eb)) this.note(Note.Rescued);
    this.refcountInc(eb);
  }

  /** btrfs_submit_bbio of a read. Its folios are neither locked nor referenced. */
  protected submitRead(eb: ExtentBuffer, check: ParentCheck, mirror: number): void {
    this.note(Note.ReadStarted);
    const flags = (check.hasFirstKey ? BIO_STRICT : 0) | (mirror === 0 ? 0 : BIO_SECOND_MIRROR);
    this.blockLayer.submit(this.fsInfo, eb, this.bio(eb, flags));
  }

  /** A bio of all folios of a buffer: bit i for folio i, and the buffer that it is of. */
  protected bio(eb: ExtentBuffer, flags: number): number {
    let index = 0;
    while (index < this.geometry.buffers && bufferAt(this.fsInfo, this.geometry, index) !== eb) index++;
    return ((1 << this.geometry.pages) - 1) | flags | (index << BIO_BUFFER_SHIFT);
  }

  /** `bbio->private`. */
  protected bufferOf(bio: number): ExtentBuffer {
    return bufferAt(this.fsInfo, this.geometry, bio >>> BIO_BUFFER_SHIFT);
  }

  /** 2.11 read_extent_buffer_pages: as the former, and waits for the read, whosever it is. */
  readExtentBufferPages(eb: ExtentBuffer, check: ParentCheck, mirror = 0): number {
    const error = this.readExtentBufferPagesNowait(eb, check, mirror);
    if (error < 0) return error;
    this.mem.waitOnBit(EXTENT_BUFFER_READING, eb + EB_BFLAGS);
    return this.extentBufferUptodate(eb) ? 0 : EIO;
  }

  /** btrfs_read_extent_buffer: tries the first copy, then the others, as long as there is an error. */
  btrfsReadExtentBuffer(eb: ExtentBuffer, check: ParentCheck): number {
    let error = 0;
    for (let mirror = 0; mirror < MIRRORS; mirror++) {
      error = this.readExtentBufferPages(eb, check, mirror);
      if (error === 0) break;
    }
    return error;
  }

  /** 2.13 read_tree_block: the buffer, up to date and referenced, or NULL if no mirror could be read. */
  readTreeBlock(check: ParentCheck): ExtentBuffer {
    const eb = this.allocExtentBuffer();
    if (this.btrfsReadExtentBuffer(eb, check) === 0) return eb;
    this.mem.writeGhost(eb + EB_READ_FAILED, 1);
    this.freeExtentBufferStale(eb);
    return NULL;
  }

  /** 2.13 btrfs_readahead_tree_block: the reference is dropped at once, the bio has its own. */
  btrfsReadaheadTreeBlock(check: ParentCheck): void {
    const eb = this.allocExtentBuffer();
    if (this.btrfsBufferUptodate(eb, check.transid, check) !== 0) {
      this.freeExtentBuffer(eb);
    } else if (this.readExtentBufferPagesNowait(eb, check) < 0) {
      this.mem.writeGhost(eb + EB_READ_FAILED, 1);
      this.freeExtentBufferStale(eb);
    } else {
      this.freeExtentBuffer(eb);
    }
  }

  /** 2.12 end_bbio_meta_read, in a workqueue. */
  endBbioMetaRead(bio: number, status: BioStatus): void {
    const eb = this.bufferOf(bio);
    this.deviceReads(bio, status);
    this.reached('end-io:entry');
    this.warnOn(this.kernel.endsInTasks && !this.inTask(), Check.N13);
    this.warnOn(this.extentBufferUptodate(eb), Check.N10);
    this.mem.writeOnce(eb + EB_READ_MIRROR, 1);
    if (status === 'ok' && this.btrfsValidateExtentBuffer(bio)) {
      this.setExtentBufferUptodate(eb);
      this.note(Note.ReadCompleted);
    } else {
      this.clearExtentBufferUptodate(eb);
      if (this.kernel.hasRadixTree) this.mem.setBit(EXTENT_BUFFER_READ_ERR, eb + EB_BFLAGS);
      this.note(Note.ReadFailed);
    }
    this.reached('end-io:uptodate');
    this.endReading(eb);
  }

  /** Step 5 of 2.12: READING and the reference of the bio go. */
  protected endReading(eb: ExtentBuffer): void {
    if (this.kernel.clearsReadingLocked) {
      this.freeExtentBufferClearReading(eb, true);
      return;
    }
    this.clearExtentBufferReading(eb);
    this.reached('end-io:read');
    this.freeExtentBuffer(eb);
  }

  /** `in_task()`: every completion runs in a workqueue here. */
  protected inTask(): boolean {
    return true;
  }

  /** The device wrote the folios before it raised the interrupt. */
  protected deviceReads(bio: number, status: BioStatus): void {
    if (status === 'io-error') return;
    const isForeign = (bio & BIO_SECOND_MIRROR) === 0 && this.mem.readOnce(this.fsInfo + FS_DISK) !== 0;
    for (let index = 0; index < this.geometry.pages; index++) {
      if ((bio & (1 << index)) !== 0)
        this.mem.writeOnce(this.folio(index) + FOLIO_PAYLOAD, isForeign ? PAYLOAD_FOREIGN : PAYLOAD_READ);
    }
  }

  /** 2.12 btrfs_validate_extent_buffer, against what the submitter knows of the block: bytenr, csum, level, key, leaf. */
  protected btrfsValidateExtentBuffer(bio: number): boolean {
    const isForeign = this.mem.readOnce(this.folio(0) + FOLIO_PAYLOAD) === PAYLOAD_FOREIGN;
    if (isForeign) return (bio & BIO_STRICT) === 0;
    for (let index = 0; index < this.geometry.pages; index++)
      this.mem.writeGhost(this.folio(index) + FOLIO_PAYLOAD, PAYLOAD_VERIFIED);
    return true;
  }

  /** set_extent_buffer_uptodate: the buffer before its folios. */
  setExtentBufferUptodate(eb: ExtentBuffer): void {
    this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
    for (let index = 0; index < this.geometry.pages; index++)
      this.mem.setBit(PG_UPTODATE, this.folio(index) + PAGE_FLAGS);
  }

  /** clear_extent_buffer_uptodate. */
  clearExtentBufferUptodate(eb: ExtentBuffer): void {
    this.mem.clearBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
    for (let index = 0; index < this.geometry.pages; index++)
      this.mem.clearBit(PG_UPTODATE, this.folio(index) + PAGE_FLAGS);
  }

  /** read_extent_buffer over the whole block, by who has found it up to date and knows its parent as `check` says. */
  readExtentBuffer(check: ParentCheck): void {
    for (let index = 0; index < this.geometry.pages; index++) {
      const payload = this.mem.readOnce(this.folio(index) + FOLIO_PAYLOAD);
      const isKnown = payload === PAYLOAD_VERIFIED || payload === PAYLOAD_MODIFIED;
      this.warnOn(!isKnown && (check.hasFirstKey || payload !== PAYLOAD_FOREIGN), Check.P6);
    }
  }
}
