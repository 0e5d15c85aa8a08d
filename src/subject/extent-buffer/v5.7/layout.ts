import {
  LINE_WORDS,
  OBJECT_ASIDE,
  OBJECT_OWN,
  OBJECT_SLAB,
  OBJECT_WORDS,
  objectAt,
  type SlabObject,
} from '../../../memory/layout.ts';

/**
 * Where the fields of this subject's structures stand in the frame of a world (see layout.ts): one private file system with one tree
 * block, its pages and its extent_buffers. The placement follows the structures of the kernel (a `struct page` is 64 bytes, the
 * contended fields of a `struct extent_buffer` share a line, `buffer_lock` and `private_lock` live in different
 * structures), so that a trial moves the lines between cores which the kernel would move.
 *
 * Simplifications against the kernel: a world holds one tree block, so the radix tree is one slot and
 * `mapping->private_lock` is per world instead of per file system; the pages are always present in the page cache;
 * `eb->pages[]` is its length only, since pages are attached in order and belong to the one block.
 */

/** The address of a `struct extent_buffer`. */
export type ExtentBuffer = SlabObject;

/** The radix tree: address of the extent_buffer, or NULL. */
export const FS_TREE_SLOT = 0;
/** `fs_info->buffer_lock`: 0, or the owner's tag. */
export const FS_BUFFER_LOCK = 1;
/** `mapping->private_lock` of the btree inode: 0, or the owner's tag. */
export const FS_PRIVATE_LOCK: number = LINE_WORDS;
/** `page->private`: address of the extent_buffer, or NULL. */
export const PAGE_PRIVATE = 1;
/** `page->_refcount`. */
export const PAGE_REFCOUNT = 2;
/** What the page holds: one of the PAYLOAD_ values. */
export const PAGE_PAYLOAD = 3;
/** `eb->refs`. */
export const EB_REFS = 0;
/** `eb->bflags`. */
export const EB_BFLAGS = 1;
/** `eb->io_pages`. */
export const EB_IO_PAGES = 2;
/** `eb->refs_lock`: 0, or the owner's tag. */
export const EB_REFS_LOCK = 3;
/** `eb->read_mirror`. */
export const EB_READ_MIRROR = 4;
/** How many entries of `eb->pages[]` are set. */
export const EB_PAGES = 5;
/** Set by a read that has given the buffer up. Only checks read it. */
export const EB_READ_FAILED: number = OBJECT_ASIDE;
/** Never read, nothing known about the content. */
export const PAYLOAD_GARBAGE = 0;
/** A read brought the block in from disk; nobody has checked it. */
export const PAYLOAD_READ = 1;
/** Read from disk, and header, checksum and leaf checks passed. */
export const PAYLOAD_VERIFIED = 2;

/** State of the slab object: one of the SLAB_ values. */
export const EB_SLAB: number = OBJECT_SLAB;
/** Words of a buffer that a strategy may use for itself: from this one on, `OWN_WORDS`. */
export const EB_OWN: number = OBJECT_OWN;
/** Words of one extent_buffer: the fields of the kernel's first line. */
export const EB_WORDS: number = OBJECT_WORDS;

/** The slab object with the given index (0-based). */
export const bufferAt: typeof objectAt = objectAt;
