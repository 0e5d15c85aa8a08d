/**
 * Words of the whole life of a buffer, beside those of v5.7/layout.ts, and what its pages hold then.
 */
import { LINE_WORDS } from '../../../memory/layout.ts';

/** Whether the free space cache has the block: 0, or 1 once it may be handed out again. */
export const FS_FREE_SPACE = 2;
/** 1 while the disk lacks what was written into the page. Only checks read it. */
export const PAGE_BEHIND = 5;
/**
 * `eb->lock`: a read-write lock that sleeps. In a line of its own, as in the kernel, where the locks of a `struct extent_buffer` come
 * behind its reference count and its flags.
 */
export const EB_TREE_LOCK: number = LINE_WORDS;

/** A value of `PAGE_PAYLOAD`: written in memory, under the tree lock; nothing to verify. */
export const PAYLOAD_MODIFIED = 3;

/** Set in a bio that writes: behind the bits of the pages, and that of a bio that lacks one. */
export const BIO_WRITE: number = 1 << 17;
