import type { AlphabetRule } from '../../../scenario/alphabet.ts';

/** Ids of the rules that are kept by what operations do. */
export const HANDED_OUT = 'handed-out';
export const CHANGED_LOCKED = 'changed-locked';
export const CHANGED_DIRTY = 'changed-dirty';
export const NEW_IS_DIRTY = 'new-is-dirty';
export const LETS_GO = 'lets-go';
export const COMMITTED = 'committed-before-umount';
const FREED_ONCE = 'freed-once';
const VERIFIED_FIRST = 'verified-first';
const UMOUNT_LAST = 'umount-last';

/** What an actor has beside references, by the rules. */
export const DELETED = 'deleted';
export const VERIFIED = 'verified';
export const OWNED = 'owned';

/** What callers of these functions keep to in today's kernels, read in 7.3.4. */
export const todayRules: readonly AlphabetRule[] = [
  {
    id: HANDED_OUT,
    text: 'a block is handed out again only after btrfs_free_tree_block, and to one owner',
    origin: 'btrfs_free_tree_block, find_free_extent (fs/btrfs/extent-tree.c)',
    operations: ['init'],
    kept: { by: 'operation' },
  },
  {
    id: FREED_ONCE,
    text: 'a block is freed once, by who has taken it out of its tree or has just been given it',
    origin: 'btrfs_free_tree_block (fs/btrfs/extent-tree.c), btrfs_del_leaf (fs/btrfs/ctree.c)',
    operations: ['delete'],
    kept: { by: 'number', most: 1, unless: OWNED },
  },
  {
    id: CHANGED_LOCKED,
    text: 'a buffer is changed and made dirty under its tree lock, with a reference',
    origin: 'btrfs_assert_tree_write_locked(buf), btrfs_mark_buffer_dirty (fs/btrfs/disk-io.c)',
    operations: ['change'],
    kept: { by: 'operation' },
  },
  {
    id: CHANGED_DIRTY,
    text: 'what was written is not changed in place: a buffer that is not dirty is copied first',
    origin: 'BTRFS_HEADER_FLAG_WRITTEN, should_cow_block (fs/btrfs/ctree.c)',
    operations: ['change'],
    kept: { by: 'operation' },
  },
  {
    id: NEW_IS_DIRTY,
    text: 'a new tree block is made dirty before its lock is given back',
    origin: 'btrfs_init_new_buffer (fs/btrfs/extent-tree.c), btrfs_force_cow_block (fs/btrfs/ctree.c)',
    operations: ['init'],
    kept: { by: 'operation' },
  },
  {
    id: VERIFIED_FIRST,
    text: 'the content of a buffer is used only behind a read that has returned it as verified',
    origin: 'read_tree_block (fs/btrfs/disk-io.c), read_block_for_search (fs/btrfs/ctree.c)',
    operations: ['look'],
    kept: { by: 'possession', needs: VERIFIED },
  },
  {
    id: LETS_GO,
    text: 'at the end of its program an actor has let go of everything',
    origin: 'btrfs_release_path (fs/btrfs/ctree.c)',
    operations: ['find', 'alloc', 'read-block', 'search', 'init'],
    kept: { by: 'operation' },
  },
  {
    id: UMOUNT_LAST,
    text: 'close_ctree comes when all users of blocks have let go: there still are completions and reclaim',
    origin: 'generic_shutdown_super (fs/super.c), close_ctree (fs/btrfs/disk-io.c)',
    operations: ['umount'],
    kept: { by: 'company', allows: ['end-io', 'end-io-error', 'reclaim', 'migrate'] },
  },
  {
    id: COMMITTED,
    text: 'close_ctree writes what is dirty, and waits for that, before it looks at what is left',
    origin: 'btrfs_commit_super in close_ctree (fs/btrfs/disk-io.c)',
    operations: ['umount'],
    kept: { by: 'operation' },
  },
];
