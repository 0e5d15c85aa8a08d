/** Bits of `eb->bflags`, numbered as in fs/btrfs/extent_io.h of v5.7. All in one word: one coherence order. */

export const EXTENT_BUFFER_UPTODATE = 0;
export const EXTENT_BUFFER_DIRTY = 1;
export const EXTENT_BUFFER_READAHEAD = 3;
export const EXTENT_BUFFER_TREE_REF = 4;
export const EXTENT_BUFFER_STALE = 5;
export const EXTENT_BUFFER_WRITEBACK = 6;
export const EXTENT_BUFFER_READ_ERR = 7;
export const EXTENT_BUFFER_UNMAPPED = 8;
export const EXTENT_BUFFER_IN_TREE = 9;
export const EXTENT_BUFFER_WRITE_ERR = 10;
