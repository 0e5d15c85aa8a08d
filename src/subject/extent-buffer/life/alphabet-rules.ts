import type { AlphabetRule } from '../../../scenario/alphabet.ts';

/** Ids of the rules that are kept by what operations do. */
export const HANDED_OUT = 'handed-out';
export const LOCKED_PAGE = 'locked-page';
export const CHANGED_LOCKED = 'changed-locked';
export const CHANGED_DIRTY = 'changed-dirty';
export const NEW_IS_DIRTY = 'new-is-dirty';
export const LETS_GO = 'lets-go';
export const FAILED_READ = 'failed-read';
const STALE_BEHIND_FREE = 'stale-behind-free';
export const VERIFIED_FIRST = 'verified-first';
const FREED_ONCE = 'freed-once';

/** What an actor has beside references, by the rules. */
export const DELETED = 'deleted';
export const VERIFIED = 'verified';
export const OWNED = 'owned';

/** Rules that today's kernels have, too. */
export const handedOut: AlphabetRule = {
  id: HANDED_OUT,
  text: 'a block is handed out again only after btrfs_free_tree_block, and to one owner',
  origin: 'btrfs_free_tree_block, find_free_extent (fs/btrfs/extent-tree.c)',
  operations: ['init'],
  kept: { by: 'operation' },
};
export const freedOnce: AlphabetRule = {
  id: FREED_ONCE,
  text: 'a block is freed once, by who has taken it out of its tree or has just been given it',
  origin: 'btrfs_free_tree_block (fs/btrfs/extent-tree.c), btrfs_del_leaf (fs/btrfs/ctree.c)',
  operations: ['delete'],
  kept: { by: 'number', most: 1, unless: OWNED },
};
export const changedDirty: AlphabetRule = {
  id: CHANGED_DIRTY,
  text: 'what was written is not changed in place: a buffer that is not dirty is copied first',
  origin: 'BTRFS_HEADER_FLAG_WRITTEN, should_cow_block (fs/btrfs/ctree.c)',
  operations: ['change'],
  kept: { by: 'operation' },
};

/** What callers of these functions keep to in the kernel of June 2020. */
export const lifeRules: readonly AlphabetRule[] = [
  handedOut,
  freedOnce,
  {
    id: STALE_BEHIND_FREE,
    text: 'free_extent_buffer_stale is for a block that was freed, or one that could not be read',
    origin: 'btrfs_del_leaf (fs/btrfs/ctree.c), read_tree_block (fs/btrfs/disk-io.c)',
    operations: ['stale'],
    kept: { by: 'possession', needs: DELETED },
  },
  {
    id: FAILED_READ,
    text: 'a readahead gives a buffer up only if it had to read it, and that failed',
    origin: 'readahead_tree_block (fs/btrfs/disk-io.c)',
    operations: ['failed-readahead'],
    kept: { by: 'operation' },
  },
  {
    id: LOCKED_PAGE,
    text: 'only a locked page is released',
    origin: 'BUG_ON(!PageLocked(page)), try_to_release_page (mm/filemap.c)',
    operations: ['reclaim'],
    kept: { by: 'operation' },
  },
  {
    id: CHANGED_LOCKED,
    text: 'a buffer is changed and made dirty under its tree lock, with a reference',
    origin: 'btrfs_assert_tree_locked(eb), btrfs_mark_buffer_dirty (fs/btrfs/disk-io.c)',
    operations: ['change'],
    kept: { by: 'operation' },
  },
  changedDirty,
  {
    id: NEW_IS_DIRTY,
    text: 'a new tree block is made dirty before its lock is given back',
    origin: 'btrfs_init_new_buffer (fs/btrfs/extent-tree.c)',
    operations: ['init'],
    kept: { by: 'operation' },
  },
  {
    id: VERIFIED_FIRST,
    text: 'the content of a buffer is used only behind a read_tree_block that has returned it',
    origin: 'read_tree_block, read_block_for_search (fs/btrfs/ctree.c)',
    operations: ['look'],
    kept: { by: 'possession', needs: VERIFIED },
  },
  {
    id: LETS_GO,
    text: 'at the end of its program an actor has let go of everything',
    origin: 'btrfs_release_path (fs/btrfs/ctree.c)',
    operations: ['find', 'alloc', 'read-block', 'init'],
    kept: { by: 'operation' },
  },
];
