/**
 * The word layout of one world: one private file system with one tree block, its pages and its extent_buffers.
 *
 * Every word is a 32-bit integer of one shared Int32Array, every address an index into it. A world is a run of
 * 64-byte cache lines; the placement follows the structures of the kernel (a `struct page` is 64 bytes, the
 * contended fields of a `struct extent_buffer` share a line, `buffer_lock` and `private_lock` live in different
 * structures), so that a trial moves the lines between cores which the kernel would move:
 *
 *     word   0        1             2          3             4             5       6      7        8-13    14, 15
 *          +--------+-------------+----------+-------------+-------------+-------+------+--------+-------+-----+
 *     fs + | slot   | buffer_lock |                                                                            |  line 0: the tree
 *          +--------+-------------+----------+-------------------------------------------------------+-----+
 *       16 | priv.  | oops        | io       |                                                               | own |  line 1: the mapping
 *          +--------+-------------+----------+---------------------------------------------------------+-----+
 *       32 | bio[0] | bio[1] ...                                                                       bio[15] |  line 2: block layer
 *          +--------+-------------+----------+-------------+-------------+-------------------------------+-----+
 *       48 | flags  | private     | refcount | payload     | owner       |                               | own |  page 0
 *          +--------+-------------+----------+-------------+-------------+-------------------------------+-----+
 *          | ...                                                                                              |  page n-1
 *          +--------+-------------+----------+-------------+-------------+-------+------+--------+-------+-----+
 *          | refs   | bflags      | io_pages | refs_lock   | read_mirror | pages | slab | failed | grace | own |  extent_buffer 0
 *          +--------+-------------+----------+-------------+-------------+-------+------+--------+-------+-----+
 *          | ...                                                                                              |  extent_buffer m-1
 *
 * The words called own are a strategy's, for what its fix needs: 0 at the start of a trial, and in a new buffer. No step may
 * touch a word that has no name here, nor one that is not the kernel's (oops, owner, slab, failed, grace).
 *
 * Simplifications against the kernel: a world holds one tree block, so the radix tree is one slot and
 * `mapping->private_lock` is per world instead of per file system; the pages are always present in the page cache;
 * `eb->pages[]` is its length only, since pages are attached in order and belong to the one block.
 */

/** A word index into the shared array. 0 is the NULL pointer: no structure starts there. */
export type Address = number;

declare const isFsInfo: unique symbol;
declare const isExtentBuffer: unique symbol;
declare const isPage: unique symbol;
/** The address of a world, which is its `struct btrfs_fs_info`. */
export type FsInfo = Address & { readonly [isFsInfo]: true };
/** The address of a `struct extent_buffer`. */
export type ExtentBuffer = Address & { readonly [isExtentBuffer]: true };
/** The address of a `struct page`. */
export type Page = Address & { readonly [isPage]: true };

/** The NULL pointer of every pointer type. */
export const NULL: ExtentBuffer & FsInfo & Page = 0 as ExtentBuffer & FsInfo & Page;

/** Words in one 64-byte cache line of every current x86-64 and most arm64 processors. */
export const LINE_WORDS = 16;

/** The radix tree: address of the extent_buffer, or NULL. */
export const FS_TREE_SLOT = 0;
/** `fs_info->buffer_lock`: 0, or the owner's tag. */
export const FS_BUFFER_LOCK = 1;
/** `mapping->private_lock` of the btree inode: 0, or the owner's tag. */
export const FS_PRIVATE_LOCK: number = LINE_WORDS;
/** The first violation of the trial: 0, or the number of a check (src/model/check.ts). Not part of the kernel. */
export const FS_OOPS: number = LINE_WORDS + 1;
/** Block layer: bit s = actor s has a bio pending; bit 16 + s = actor s submits no more. */
export const FS_IO: number = LINE_WORDS + 2;
/** Words of a file system that a strategy may use for itself: from this one on, `OWN_WORDS`. */
export const FS_OWN: number = LINE_WORDS + 14;
/** Block layer: one word per actor, the bio it submitted. */
export const FS_BIO: number = 2 * LINE_WORDS;
/** The first page. */
export const FS_PAGES: number = 3 * LINE_WORDS;

/** `page->flags`. */
export const PAGE_FLAGS = 0;
/** `page->private`: address of the extent_buffer, or NULL. */
export const PAGE_PRIVATE = 1;
/** `page->_refcount`. */
export const PAGE_REFCOUNT = 2;
/** What the page holds: one of the PAYLOAD_ values. */
export const PAGE_PAYLOAD = 3;
/** Who took PG_locked last (an owner's tag). Diagnosis only: the kernel's page lock has no owner. */
export const PAGE_OWNER = 4;
/** Words of a page that a strategy may use for itself: from this one on, `OWN_WORDS`. */
export const PAGE_OWN = 14;
/** Words of one page: one line, as in the kernel. */
export const PAGE_WORDS: number = LINE_WORDS;

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
/** State of the slab object: one of the SLAB_ values. */
export const EB_SLAB = 6;
/** Set by a read that has given the buffer up. Only checks read it. */
export const EB_READ_FAILED = 7;
/**
 * What the fields up to `EB_PAGES` held when the object was given to RCU: the words themselves are poisoned at once on real
 * threads, and a reader that may still look at them is given these.
 */
export const EB_GRACE = 8;
/** Words of a buffer that a strategy may use for itself: from this one on, `OWN_WORDS`. */
export const EB_OWN = 14;
/** Words of one extent_buffer: the fields of the kernel's first line. */
export const EB_WORDS: number = LINE_WORDS;

/** Words of each structure that a strategy may use for itself. */
export const OWN_WORDS = 2;
/** Words of a buffer, from its first one on, that are poisoned when it is freed. */
export const POISONED_WORDS: number = EB_PAGES - EB_REFS + 1;

/** Never read, nothing known about the content. */
export const PAYLOAD_GARBAGE = 0;
/** A read brought the block in from disk; nobody has checked it. */
export const PAYLOAD_READ = 1;
/** Read from disk, and header, checksum and leaf checks passed. */
export const PAYLOAD_VERIFIED = 2;

/** The slab object is free. */
export const SLAB_FREE = 0;
/** The slab object is an extent_buffer in use. */
export const SLAB_ALLOCATED = 1;
/** Given to call_rcu: free once every reader that may hold its address has left its read section. */
export const SLAB_RCU_PENDING = 2;
/** For the length of one allocation: taken from the free ones, not yet zeroed. */
export const SLAB_CLAIMED = 3;

/** For the length of one call_rcu: the object is being poisoned, and what it held copied for readers. */
export const SLAB_RCU_DYING = 4;

/** What SLUB writes over a freed object (`POISON_FREE`): a value that no word of the model ever holds. */
export const POISON = 0x6b6b6b6b;

/** Largest number of pages of an extent_buffer: 64 KiB nodes on 4 KiB pages, `INLINE_EXTENT_BUFFER_PAGES`. */
export const PAGES_MAX = 16;
/** Largest number of actors of a world: one bit each in two halves of FS_IO, one word each in FS_BIO. */
export const ACTORS_MAX = 16;

/** The shape that all worlds of a run share. */
export interface Geometry {
  /** Pages per extent_buffer, 1 to 16. */
  readonly pages: number;
  /** Slab objects per world: how many extent_buffers can exist at the same time. */
  readonly buffers: number;
}

/** Words of one world. */
export function worldWords(geometry: Geometry): number {
  return FS_PAGES + geometry.pages * PAGE_WORDS + geometry.buffers * EB_WORDS;
}

/** The page with the given index (0-based) of the world's tree block. */
export function pageAt(fs: FsInfo, index: number): Page {
  return ((fs + FS_PAGES + index * PAGE_WORDS) | 0) as Page;
}

/** The slab object with the given index (0-based). */
export function bufferAt(fs: FsInfo, geometry: Geometry, index: number): ExtentBuffer {
  return ((fs + FS_PAGES + geometry.pages * PAGE_WORDS + index * EB_WORDS) | 0) as ExtentBuffer;
}
