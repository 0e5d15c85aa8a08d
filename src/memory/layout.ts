import type { Address } from './address.ts';
import type { Structure } from './schema.ts';

export type { Address } from './address.ts';

/**
 * The frame of one world: where everything is that engines and memories know of it themselves, whatever its subject puts there.
 *
 * Every word is a 32-bit integer of one shared Int32Array, every address an index into it. A world is a run of 64-byte cache lines:
 * the file system, which is what all actors share, then pages of the mm with their locks, then the objects of one slab. Words of the
 * frame have a name here, a subject's are dots (see schema.ts, and a subject's structures), and blanks are nobody's:
 *
 *     word   0      1      2          3      4       5      6      7        8-13    14, 15
 *          +------+------+----------+------+-------+------+------+--------+-------+-----+
 *     fs + | .      .      .          .      .       .      .      .        .       .   |  line 0
 *          +------+------+----------+------+-------+------+------+--------+-------+-----+
 *       16 | .    | oops | io       | .      .       .      .      .        .     | own |  line 1
 *          +------+------+----------+------+-------+------+------+--------+-------+-----+
 *       32 | bio[0] | bio[1] ...                                             bio[15] |  line 2: block layer
 *          +------+------+----------+------+-------+------+------+--------+-------+-----+
 *       48 | flags| .      .          .    | owner | .      .      .        .     | own |  page 0
 *          +------+------+----------+------+-------+------+------+--------+-------+-----+
 *          | ...                                                                        |  page n-1
 *          +------+------+----------+------+-------+------+------+--------+-------+-----+
 *          | .      .      .          .      .       .    | slab | aside  | grace | own |  object 0
 *          +------+------+----------+------+-------+------+------+--------+-------+-----+
 *          | ...                                                                        |  object m-1
 *
 * An object may have more lines than one. Each of them is as the first, with words for fields, the state of the slab and what the
 * fields held (grace), but for `aside` and `own`, which the first has alone.
 *
 * The words called own are a strategy's, for what its fix needs: 0 at the start of a trial, and in a new object. No step may
 * touch a word that has no name, nor one that is not the kernel's (oops, owner, slab, aside, grace).
 */

declare const isFsInfo: unique symbol;
declare const isSlabObject: unique symbol;
declare const isPage: unique symbol;
/** The address of a world, which is its `struct btrfs_fs_info`. */
export type FsInfo = Address & { readonly [isFsInfo]: true };
/** The address of an object of the slab: of an extent_buffer, say. */
export type SlabObject = Address & { readonly [isSlabObject]: true };
/** The address of a `struct page`. */
export type Page = Address & { readonly [isPage]: true };

/** The NULL pointer of every pointer type. */
export const NULL: SlabObject & FsInfo & Page = 0 as SlabObject & FsInfo & Page;

/** Words in one 64-byte cache line of every current x86-64 and most arm64 processors. */
export const LINE_WORDS = 16;

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
/** Who took PG_locked last (an owner's tag). Diagnosis only: the kernel's page lock has no owner. */
export const PAGE_OWNER = 4;
/** Words of a page that a strategy may use for itself: from this one on, `OWN_WORDS`. */
export const PAGE_OWN = 14;
/** Words of one page: one line, as in the kernel. */
export const PAGE_WORDS: number = LINE_WORDS;

/** State of the slab object: one of the SLAB_ values. */
export const OBJECT_SLAB = 6;
/** A word that only the subject's checks read: an allocation zeroes it. */
export const OBJECT_ASIDE = 7;
/**
 * What the first words held when the object was given to RCU: the words themselves are poisoned at once on real
 * threads, and a reader that may still look at them is given these.
 */
export const OBJECT_GRACE = 8;
/** Words of an object that a strategy may use for itself: from this one on, `OWN_WORDS`. */
export const OBJECT_OWN = 14;
/** Words of an object that an access to all of it touches, but for the state of the slab. */
export const OBJECT_FIELDS: readonly Address[] = [0, 1, 2, 3, 4, 5, OBJECT_ASIDE, 14, 15];
/** Words of one object that has no more lines than one. */
export const OBJECT_WORDS: number = LINE_WORDS;

/** Words of each structure that a strategy may use for itself. */
export const OWN_WORDS = 2;
/** Words of an object, from its first one on, that are poisoned when it is freed. */
export const POISONED_WORDS = 6;

/** The slab object is free. */
export const SLAB_FREE = 0;
/** The slab object is in use. */
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
  /** What a world consists of: see schema.ts. */
  readonly structures: readonly Structure[];
  /** Pages per extent_buffer, 1 to 16. */
  readonly pages: number;
  /** Slab objects per world: how many can exist at the same time. */
  readonly buffers: number;
}

/** Words of one slab object: one or more whole lines. */
export function objectWords({ structures }: Pick<Geometry, 'structures'>): number {
  return structures[2]?.words ?? OBJECT_WORDS;
}

/** Words of one world. */
export function worldWords(geometry: Geometry): number {
  return FS_PAGES + geometry.pages * PAGE_WORDS + geometry.buffers * objectWords(geometry);
}

/** The page with the given index (0-based). */
export function pageAt(fs: FsInfo, index: number): Page {
  return ((fs + FS_PAGES + index * PAGE_WORDS) | 0) as Page;
}

/** The slab object with the given index (0-based). */
export function objectAt(fs: FsInfo, geometry: Geometry, index: number): SlabObject {
  return ((fs + FS_PAGES + geometry.pages * PAGE_WORDS + index * objectWords(geometry)) | 0) as SlabObject;
}
