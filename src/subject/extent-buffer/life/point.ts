import { POINTS } from '../v5.7/point.ts';

/** Named places in the functions that change and write buffers. */
const OF_CHANGES = [
  { name: 'under-io:entry', where: 'extent_buffer_under_io: nothing looked at' },
  { name: 'under-io:read', where: 'extent_buffer_under_io: looked at, nothing done about it yet' },
  { name: 'init:clear-stale', where: 'btrfs_init_new_buffer: STALE cleared, not dirty yet' },
  { name: 'write:private', where: 'btree_write_cache_pages: page->private read, no reference taken' },
  { name: 'write:locked', where: 'lock_extent_buffer_for_io: tree lock held, still dirty' },
  { name: 'write:clean', where: 'lock_extent_buffer_for_io: DIRTY cleared, WRITEBACK not set' },
  { name: 'write:io-pages', where: 'write_one_eb: io_pages set, nothing submitted' },
  { name: 'write:submitted', where: 'btree_write_cache_pages: written, reference not yet dropped' },
  { name: 'end-io:written', where: 'write completion: io_pages dropped, page still under writeback' },
] as const;

/** Those, behind the ones of v5.7/point.ts. */
export const LIFE_POINTS: readonly [...typeof POINTS, ...typeof OF_CHANGES] = [...POINTS, ...OF_CHANGES];

/** The name of a point. */
export type LifePoint = (typeof LIFE_POINTS)[number]['name'];
