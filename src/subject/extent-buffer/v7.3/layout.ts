import { LINE_WORDS, OBJECT_ASIDE } from '../../../memory/layout.ts';

/**
 * Where the fields of this generation stand that v5.7/layout.ts does not have, or has elsewhere: those with a counterpart there are at
 * the same place. Simplifications against the kernel beside those said there:
 *
 * - A world has one folio for each index of the block. One that has been freed is the next one that is allocated for the index, as a
 *   per-cpu list of free pages has it: while somebody still has a reference of one that has left the page cache, who adds another one
 *   waits for that. The one that an allocation brings along and does not need is memory of its own, and no step.
 * - `folio->mapping` and the entry of the page cache are one word: both are changed under the i_pages lock of the mapping.
 * - In the normal layout a block has whole folios (nodesize at least PAGE_SIZE), which are in the mapping. The other one, in which a
 *   folio has several blocks, is in subpage.ts.
 */

export {
  bufferAt,
  EB_BFLAGS,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_PAYLOAD as FOLIO_PAYLOAD,
  PAGE_PRIVATE as FOLIO_PRIVATE,
  PAGE_REFCOUNT as FOLIO_REFCOUNT,
  PAYLOAD_GARBAGE,
  PAYLOAD_READ,
  PAYLOAD_VERIFIED,
} from '../v5.7/layout.ts';
export { BIO_WRITE, FS_FREE_SPACE, PAYLOAD_MODIFIED } from '../life/layout.ts';

/** The lock of the tree: `fs_info->buffer_tree.xa_lock`, or `fs_info->buffer_lock` of a radix tree. 0, or the owner's tag. */
export const FS_TREE_LOCK = 1;
/** Marks of the block's entry in the buffer_tree: bits, see the MARK_ values. In a line of its own, with the nodes of the tree. */
export const FS_TREE_MARKS: number = LINE_WORDS + 3;
/** What the first copy on the disk is: 0, or 1 for a block that is sound but not the one its parent speaks of (another first key). */
export const FS_DISK: number = LINE_WORDS + 4;
/** 1 once btrfs_stop_all_workers has freed the workqueues. */
export const FS_STOPPED: number = LINE_WORDS + 5;
/** Whether the file system has had an error: `BTRFS_FS_ERROR`. */
export const FS_ERROR: number = LINE_WORDS + 6;

/** `PAGECACHE_TAG_DIRTY` of an entry. */
export const MARK_DIRTY = 0;
/** `PAGECACHE_TAG_WRITEBACK`. */
export const MARK_WRITEBACK = 1;
/** `PAGECACHE_TAG_TOWRITE`. */
export const MARK_TOWRITE = 2;

/** `folio->mapping`: see the MAPPING_ values. */
export const FOLIO_MAPPING = 5;
/** The folio is free: no index has it. */
export const MAPPING_NONE = 0;
/** It is in the page cache of the btree inode. */
export const MAPPING_CACHED = 1;
/** It has left the page cache, and somebody still has a reference: `folio->mapping` is NULL, and it is free with the last one. */
export const MAPPING_LEFT = 2;
/** 1 while the disk lacks what was written into the folio. Only checks read it. */
export const FOLIO_BEHIND = 6;

/** `eb_refs` of the state that `folio->private` points to in the subpage layout, see subpage.ts; 0 in the normal one. */
export const FOLIO_EB_REFS = 7;

/** `eb->writeback_inhibitors`. */
export const EB_INHIBITORS = 2;
/** `eb->lock`, which sleeps. In a line of its own. */
export const EB_TREE_LOCK: number = LINE_WORDS;
/** Set by a read that has given the buffer up. Only checks read it. */
export const EB_READ_FAILED: number = OBJECT_ASIDE;

/** A value of `FOLIO_PAYLOAD`: read and sound, but not the block that its parent speaks of. */
export const PAYLOAD_FOREIGN = 4;

/** In a bio of a read: its check has the first key and the level to compare, as those of readers have that wait. */
export const BIO_STRICT: number = 1 << 18;
/** In a bio of a read: it is of the second copy of the block. */
export const BIO_SECOND_MIRROR: number = 1 << 19;
/** In a bio, the index of its buffer from this bit on: `bbio->private`. */
export const BIO_BUFFER_SHIFT = 20;
