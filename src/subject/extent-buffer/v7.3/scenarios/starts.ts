import {
  FS_BIO,
  FS_IO,
  type FsInfo,
  type Geometry,
  PAGE_FLAGS,
  pageAt,
  SLAB_ALLOCATED,
} from '../../../../memory/layout.ts';
import {
  PG_DIRTY,
  PG_PRIVATE,
  PG_REFERENCED,
  PG_UPTODATE,
  PG_WRITEBACK,
} from '../../../../memory/page-flags.ts';
import { resetWorld, zeroObject } from '../../../../memory/structures.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_READING,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
  EXTENT_BUFFER_WRITEBACK,
} from '../bflags.ts';
import type { KernelSwitches } from '../kernel.ts';
import {
  BIO_STRICT,
  BIO_WRITE,
  bufferAt,
  EB_BFLAGS,
  EB_REFS,
  EB_SLAB,
  FOLIO_BEHIND,
  FOLIO_MAPPING,
  FOLIO_PAYLOAD,
  FOLIO_PRIVATE,
  FOLIO_REFCOUNT,
  FS_DISK,
  FS_TREE_MARKS,
  FS_TREE_SLOT,
  MAPPING_NONE,
  MARK_DIRTY,
  MARK_WRITEBACK,
  PAYLOAD_FOREIGN,
  PAYLOAD_GARBAGE,
  PAYLOAD_MODIFIED,
  PAYLOAD_VERIFIED,
} from '../layout.ts';

/** Writes a state into a world that no actor uses. */
export type Reset = (words: Int32Array, geometry: Geometry, fs: FsInfo) => void;

/** What the one buffer is doing that a trial starts with. */
export type BufferState =
  /** Never read. */
  | 'unread'
  /** Up to date and clean. */
  | 'clean'
  /** Changed, and not written yet. */
  | 'dirty'
  /** A readahead is in flight, whose bio is in the mailbox of actor 0. */
  | 'reading'
  /** A write is in flight, as above. */
  | 'writing'
  /** Its last reference is gone, and it still stands in the tree. */
  | 'dying';

/** What is special of it. */
export interface BufferAtStart {
  readonly state: BufferState;
  /** References of actors, beside that of the tree. @default 0 */
  readonly holders?: number;
  /** @default false */
  readonly isStale?: true;
  /** The block is sound and another one than its parent speaks of. @default false */
  readonly isForeign?: true;
}

const PAYLOADS: Readonly<Record<BufferState, number>> = {
  unread: PAYLOAD_GARBAGE,
  clean: PAYLOAD_VERIFIED,
  dirty: PAYLOAD_MODIFIED,
  reading: PAYLOAD_GARBAGE,
  writing: PAYLOAD_MODIFIED,
  dying: PAYLOAD_VERIFIED,
};

/** One buffer in the tree, its folios attached. */
export function withBuffer(
  kernel: KernelSwitches,
  { state, holders = 0, isStale, isForeign }: BufferAtStart,
): Reset {
  const isChanged = state === 'dirty' || state === 'writing';
  const isUptodate = state === 'clean' || state === 'dying' || isChanged;
  const bflags =
    (state === 'dying' ? 0 : 1 << EXTENT_BUFFER_TREE_REF) |
    (isUptodate ? 1 << EXTENT_BUFFER_UPTODATE : 0) |
    (kernel.hasRadixTree && state !== 'dying' ? 1 << EXTENT_BUFFER_IN_TREE : 0) |
    (isStale === true ? 1 << EXTENT_BUFFER_STALE : 0) |
    (state === 'dirty' ? 1 << EXTENT_BUFFER_DIRTY : 0) |
    (state === 'writing' ? 1 << EXTENT_BUFFER_WRITEBACK : 0) |
    (state === 'reading' ? 1 << EXTENT_BUFFER_READING : 0);
  const refs = state === 'dying' ? 0 : 1 + holders + (state === 'reading' ? 1 : 0);
  const marks = state === 'dirty' ? 1 << MARK_DIRTY : state === 'writing' ? 1 << MARK_WRITEBACK : 0;
  const flags =
    (1 << PG_PRIVATE) |
    (1 << PG_REFERENCED) |
    (isUptodate ? 1 << PG_UPTODATE : 0) |
    (state === 'dirty' ? 1 << PG_DIRTY : 0) |
    (state === 'writing' ? 1 << PG_WRITEBACK : 0);
  const payload = isForeign === true && isUptodate ? PAYLOAD_FOREIGN : PAYLOADS[state];
  return (words, geometry, fs) => {
    resetWorld(words, geometry, fs);
    const eb = bufferAt(fs, geometry, 0);
    zeroObject(words, geometry, eb);
    words[eb + EB_SLAB] = SLAB_ALLOCATED;
    words[eb + EB_REFS] = refs;
    words[eb + EB_BFLAGS] = bflags;
    words[fs + FS_TREE_SLOT] = eb;
    words[fs + FS_DISK] = isForeign === true ? 1 : 0;
    if (kernel.hasMarks) words[fs + FS_TREE_MARKS] = marks;
    for (let index = 0; index < geometry.pages; index++) {
      const folio = pageAt(fs, index);
      words[folio + PAGE_FLAGS] = flags;
      words[folio + FOLIO_PRIVATE] = eb;
      // The page cache's and private's; up to 6.15 that of the buffer, too.
      words[folio + FOLIO_REFCOUNT] = kernel.ownsFolios ? 3 : 2;
      words[folio + FOLIO_PAYLOAD] = payload;
      words[folio + FOLIO_BEHIND] = isChanged ? 1 : 0;
    }
    if (state !== 'reading' && state !== 'writing') return;
    // Buffer 0, whose index adds nothing.
    words[fs + FS_BIO] = ((1 << geometry.pages) - 1) | (state === 'writing' ? BIO_WRITE : BIO_STRICT);
    words[fs + FS_IO] = 1;
  };
}

/** No buffer; the folios are in the page cache and belong to nobody. */
export const cold: Reset = resetWorld;

/** No buffer, and no folio in the page cache. */
export function empty(words: Int32Array, geometry: Geometry, fs: FsInfo): void {
  resetWorld(words, geometry, fs);
  for (let index = 0; index < geometry.pages; index++) {
    words[pageAt(fs, index) + FOLIO_MAPPING] = MAPPING_NONE;
    words[pageAt(fs, index) + FOLIO_REFCOUNT] = 0;
  }
}

/** As `cold`, and the first copy on the disk is a block that is sound and another one than its parent speaks of. */
export function coldForeign(words: Int32Array, geometry: Geometry, fs: FsInfo): void {
  resetWorld(words, geometry, fs);
  words[fs + FS_DISK] = 1;
}
