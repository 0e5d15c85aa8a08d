/**
 * Named places between two steps of the model, where `--delay point=ns` can hold an actor.
 */
export const POINTS = [
  { name: 'start', where: 'before the first step of a trial' },
  { name: 'find:ref', where: 'find_extent_buffer: reference taken, TREE_REF not yet checked (1.4 step 3)' },
  { name: 'find:done', where: 'find_extent_buffer: TREE_REF checked' },
  { name: 'alloc:new', where: 'alloc_extent_buffer: buffer built, no page attached (1.5 step 3)' },
  { name: 'alloc:attached', where: 'alloc_extent_buffer: pages attached, not yet inserted (1.5 step 5)' },
  { name: 'alloc:inserted', where: 'alloc_extent_buffer: in the tree, TREE_REF not yet set (1.5 step 6)' },
  { name: 'read:entry', where: 'read_extent_buffer_pages: not up to date, no page locked (1.11 step 1)' },
  {
    name: 'read:locked',
    where: 'read_extent_buffer_pages: all pages locked, io_pages not set (1.11 step 3)',
  },
  { name: 'read:io-pages', where: 'read_extent_buffer_pages: io_pages set, nothing submitted (1.11 step 7)' },
  { name: 'read:submitted', where: 'read_extent_buffer_pages: read in flight (1.11 step 9)' },
  { name: 'free:entry', where: 'free_extent_buffer: before the reference is dropped (1.7)' },
  { name: 'release:zero', where: 'release_extent_buffer: refs 0, still in the tree (1.8 step 3)' },
  { name: 'release:deleted', where: 'release_extent_buffer: out of the tree, pages attached (1.8 step 4)' },
  { name: 'releasepage:locked', where: 'btree_releasepage: page lock held (1.10)' },
  {
    name: 'releasepage:checked',
    where: 'try_release: refs 1 and no IO seen, TREE_REF still set (1.10 step 7)',
  },
  {
    name: 'releasepage:stripped',
    where: 'try_release: TREE_REF cleared, reference not yet dropped (1.10 step 8)',
  },
  { name: 'end-io:entry', where: 'read completion: before the buffer is looked up (1.12)' },
  { name: 'end-io:counted', where: 'read completion: io_pages dropped, UPTODATE not set (1.12 step 4)' },
] as const;

/** The name of a point. */
export type PointName = (typeof POINTS)[number]['name'];
