/**
 * Named places between two steps of the model, where `--delay point=ns` can hold an actor.
 */
export const POINTS = [
  { name: 'find:ref', where: 'find_extent_buffer: reference taken, TREE_REF not yet checked' },
  { name: 'find:done', where: 'find_extent_buffer: TREE_REF checked' },
  { name: 'alloc:new', where: 'alloc_extent_buffer: buffer built, no page attached' },
  { name: 'alloc:attached', where: 'alloc_extent_buffer: pages attached, not yet inserted' },
  { name: 'alloc:inserted', where: 'alloc_extent_buffer: in the tree, TREE_REF not yet set' },
  { name: 'read:entry', where: 'read_extent_buffer_pages: not up to date, no page locked' },
  {
    name: 'read:locked',
    where: 'read_extent_buffer_pages: all pages locked, io_pages not set',
  },
  { name: 'read:io-pages', where: 'read_extent_buffer_pages: io_pages set, nothing submitted' },
  { name: 'read:submitted', where: 'read_extent_buffer_pages: read in flight' },
  { name: 'free:entry', where: 'free_extent_buffer: before the reference is dropped' },
  { name: 'release:zero', where: 'release_extent_buffer: refs 0, still in the tree' },
  { name: 'release:deleted', where: 'release_extent_buffer: out of the tree, pages attached' },
  { name: 'releasepage:locked', where: 'btree_releasepage: page lock held' },
  {
    name: 'releasepage:checked',
    where: 'try_release: refs 1 and no IO seen, TREE_REF still set',
  },
  {
    name: 'releasepage:stripped',
    where: 'try_release: TREE_REF cleared, reference not yet dropped',
  },
  { name: 'end-io:entry', where: 'read completion: before the buffer is looked up' },
  { name: 'end-io:counted', where: 'read completion: io_pages dropped, UPTODATE not set' },
] as const;

/** The name of a point. */
export type PointName = (typeof POINTS)[number]['name'];
