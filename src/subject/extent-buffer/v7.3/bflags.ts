/** Bits of `eb->bflags`, numbered as in fs/btrfs/extent_io.h of v7.3. All in one word: one coherence order. */

export const EXTENT_BUFFER_UPTODATE = 0;
export const EXTENT_BUFFER_DIRTY = 1;
export const EXTENT_BUFFER_TREE_REF = 2;
export const EXTENT_BUFFER_STALE = 3;
export const EXTENT_BUFFER_WRITEBACK = 4;
export const EXTENT_BUFFER_UNMAPPED = 5;
export const EXTENT_BUFFER_WRITE_ERR = 6;
export const EXTENT_BUFFER_ZONED_ZEROOUT = 7;
export const EXTENT_BUFFER_READING = 8;
/** Of kernels up to 6.15, which number the bits in another order. */
export const EXTENT_BUFFER_READ_ERR = 9;
/** As the former. */
export const EXTENT_BUFFER_IN_TREE = 10;
