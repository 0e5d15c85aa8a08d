import { type SlabObject, FS_BIO, FS_IO, type FsInfo, NULL } from '../memory/layout.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';

/** Set in a bio that lacks a page of its buffer, whose setup failed: behind the bits of the pages, 16 at most. */
export const BIO_INCOMPLETE: number = 1 << 16;

/** How the device answered a bio. */
export type BioStatus =
  /** The content arrived and is the tree block that was asked for. */
  | 'ok'
  /** The device failed (`bio->bi_status`). */
  | 'io-error'
  /** The content arrived and does not verify (checksum, header, level or leaf checks). */
  | 'bad-content';

/** Every way in which the device can answer; logs and schedules name them by their place here. */
export const BIO_STATUSES: readonly BioStatus[] = ['ok', 'io-error', 'bad-content'];

/**
 * How a bio ends that the device has answered so. The whole block is verified, and a bio without one of its pages brings
 * content that does not verify, however well the rest was read.
 */
export function statusOf(bio: number, answer: BioStatus): BioStatus {
  return answer === 'ok' && (bio & BIO_INCOMPLETE) !== 0 ? 'bad-content' : answer;
}

/**
 * Where a model submits its reads. A bio stands for the not-uptodate pages of one buffer; the pages stay locked until
 * its completion unlocks them.
 */
export interface BlockLayer {
  /** `submit_one_bio`: bit i of `pages` is set for page i, and `BIO_INCOMPLETE` if one could not be set up. */
  submit(fs: FsInfo, eb: SlabObject, pages: number): void;
  /** Whether the bio of a page cannot be set up (`__extent_read_full_page` fails). */
  setupFails(): boolean;
}

/** A device slower than any trial: reads stay in flight, as those of a disk do compared with a readahead. */
export class SlowDevice implements BlockLayer {
  submit(_fs: FsInfo, _eb: SlabObject, _pages: number): void {}

  setupFails(): boolean {
    return false;
  }
}

/** A device that answers after the submitting actor has finished its program, by an interrupt on its processor. */
export class OwnMailbox implements BlockLayer {
  protected readonly memory: SharedMemory;
  protected readonly actor: number;

  /** `actor` is the submitting actor, 0-based. */
  constructor(memory: SharedMemory, actor: number) {
    this.memory = memory;
    this.actor = actor;
  }

  submit(fs: FsInfo, _eb: SlabObject, pages: number): void {
    this.memory.writeOnce(fs + FS_BIO + this.actor, pages);
  }

  setupFails(): boolean {
    return false;
  }
}

/**
 * A device that end-io actors serve: one mailbox per submitting actor, and one word in each world that says which are
 * full (bit s) and which will never be filled again (bit 16 + s).
 */
export class ServedMailbox extends OwnMailbox {
  override submit(fs: FsInfo, eb: SlabObject, pages: number): void {
    super.submit(fs, eb, pages);
    this.memory.setBit(this.actor, fs + FS_IO);
  }
}

/** A device below which bios may fail to be set up, as `fails` says each time. */
export class FailingSetups implements BlockLayer {
  readonly #device: BlockLayer;
  readonly #fails: () => boolean;

  constructor(device: BlockLayer, fails: () => boolean) {
    this.#device = device;
    this.#fails = fails;
  }

  submit(fs: FsInfo, eb: SlabObject, pages: number): void {
    this.#device.submit(fs, eb, pages);
  }

  setupFails(): boolean {
    return this.#fails();
  }
}

/** The bio that the actor itself has submitted in this trial and not yet taken, or 0: bit i is set for page i. */
export function takeOwnBio(memory: SharedMemory, fs: FsInfo, actor: number): number {
  const bio = memory.readOnce(fs + FS_BIO + actor);
  if (bio !== 0) memory.writeOnce(fs + FS_BIO + actor, 0);
  return bio;
}

/** Says that the actor submits no more in this trial. */
export function closeMailbox(memory: SharedMemory, fs: FsInfo, actor: number): void {
  memory.setBit(16 + actor, fs + FS_IO);
}

/**
 * Waits for the next bio of a world and takes it: bit i is set for page i. 0 once every actor in `submitters` (a bit
 * each) has closed its mailbox and all of them are empty.
 */
export function takeBio(memory: SharedMemory, fs: FsInfo, submitters: number): number {
  let io = memory.readOnce(fs + FS_IO);
  for (;;) {
    const full = io & 0xffff;
    if (full !== 0) {
      const actor = 31 - Math.clz32(full & -full);
      if (memory.testAndClearBit(actor, fs + FS_IO)) return memory.readOnce(fs + FS_BIO + actor);
      io = memory.readOnce(fs + FS_IO);
    } else if (io >>> 16 === submitters) {
      return NULL;
    } else {
      io = memory.waitEvent(fs + FS_IO, io);
    }
  }
}

/** As `takeBio`, of a bio that is there already: 0 if none is, or somebody else takes it first. */
export function takeArrivedBio(memory: SharedMemory, fs: FsInfo): number {
  const full = memory.readOnce(fs + FS_IO) & 0xffff;
  if (full === 0) return 0;
  const actor = 31 - Math.clz32(full & -full);
  return memory.testAndClearBit(actor, fs + FS_IO) ? memory.readOnce(fs + FS_BIO + actor) : 0;
}
