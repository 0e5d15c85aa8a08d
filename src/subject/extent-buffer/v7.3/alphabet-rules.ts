import type { AlphabetRule } from '../../../scenario/alphabet.ts';
import {
  CHANGED_LOCKED,
  changedDirty,
  freedOnce,
  handedOut,
  LETS_GO,
  NEW_IS_DIRTY,
  VERIFIED,
  VERIFIED_FIRST,
} from '../life/alphabet-rules.ts';

export {
  CHANGED_DIRTY,
  CHANGED_LOCKED,
  DELETED,
  HANDED_OUT,
  LETS_GO,
  NEW_IS_DIRTY,
  OWNED,
  VERIFIED,
} from '../life/alphabet-rules.ts';

/** Ids of the rules that only today's kernels have. */
export const COMMITTED = 'committed-before-umount';
const UMOUNT_LAST = 'umount-last';

/** What callers of these functions keep to in today's kernels, read in 7.3.4. */
export const todayRules: readonly AlphabetRule[] = [
  handedOut,
  freedOnce,
  {
    id: CHANGED_LOCKED,
    text: 'a buffer is changed and made dirty under its tree lock, with a reference',
    origin: 'btrfs_assert_tree_write_locked(buf), btrfs_mark_buffer_dirty (fs/btrfs/disk-io.c)',
    operations: ['change'],
    kept: { by: 'operation' },
  },
  changedDirty,
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
