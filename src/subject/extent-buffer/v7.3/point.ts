/** Named places between two steps of the model, where `--delay point=ns` can hold an actor. */
export const POINTS = [
  { name: 'under-io:read', where: 'extent_buffer_under_io: looked at, nothing done about it yet' },
  { name: 'find:ref', where: 'find_extent_buffer: reference taken, TREE_REF not yet checked' },
  { name: 'alloc:new', where: 'alloc_extent_buffer: buffer built, no folio attached' },
  { name: 'alloc:attached', where: 'alloc_extent_buffer: folios attached, not yet inserted' },
  { name: 'alloc:inserted', where: 'alloc_extent_buffer: in the tree, TREE_REF not yet set' },
  { name: 'grab:dying', where: 'grab_extent_buffer: the owner of the folio has no reference left' },
  { name: 'read:entry', where: 'read_extent_buffer_pages_nowait: not up to date, READING not set' },
  { name: 'read:reading', where: 'read_extent_buffer_pages_nowait: READING set, no reference for the bio' },
  { name: 'read:submitted', where: 'read_extent_buffer_pages_nowait: read in flight' },
  { name: 'free:entry', where: 'free_extent_buffer: before the reference is dropped' },
  { name: 'release:zero', where: 'release_extent_buffer: refs 0, still in the tree' },
  { name: 'release:deleted', where: 'release_extent_buffer: out of the tree, folios attached' },
  { name: 'releasepage:locked', where: 'btree_release_folio: folio lock held' },
  { name: 'releasepage:checked', where: 'try_release: refs 1 and no IO seen, TREE_REF still set' },
  { name: 'releasepage:stripped', where: 'try_release: TREE_REF cleared, reference not yet dropped' },
  { name: 'reclaim:released', where: 'reclaim: the folio has no buffer, its count is not frozen yet' },
  { name: 'init:clear-stale', where: 'btrfs_init_new_buffer: STALE cleared, not dirty yet' },
  { name: 'write:locked', where: 'lock_extent_buffer_for_io: tree lock held, still dirty' },
  { name: 'write:clean', where: 'lock_extent_buffer_for_io: DIRTY cleared, WRITEBACK not set' },
  { name: 'write:writeback', where: 'lock_extent_buffer_for_io: WRITEBACK set, the marks not yet changed' },
  { name: 'end-io:entry', where: 'read completion: content arrived, nothing verified' },
  { name: 'end-io:uptodate', where: 'read completion: verified and UPTODATE, READING still set' },
  { name: 'end-io:read', where: 'read completion: READING cleared, reference not yet dropped' },
  { name: 'end-io:written', where: 'write completion: folios written, WRITEBACK still set' },
] as const;

/** The name of a point. */
export type PointName = (typeof POINTS)[number]['name'];
