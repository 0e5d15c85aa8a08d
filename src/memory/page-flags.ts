/** Bits of `page->flags`, numbered as in `enum pageflags` of v5.7 (include/linux/page-flags.h). */

export const PG_LOCKED = 0;
export const PG_REFERENCED = 1;
export const PG_UPTODATE = 2;
export const PG_DIRTY = 3;
export const PG_ERROR = 8;
export const PG_PRIVATE = 13;
export const PG_WRITEBACK = 15;
