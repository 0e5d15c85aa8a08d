import type { PlantedBug } from '../../../fix/subject.ts';

const PRIMED = { start: 'primed', actors: 'finder=1,reclaim=1', pages: 1 } as const;
const COLD = { start: 'cold', actors: 'readahead=1,reclaim=1', pages: 1 } as const;
const TWO_COLD = { start: 'cold', actors: 'readahead=2', pages: 1 } as const;

const upstreamWith = (mutation: string): string => `upstream~${mutation}`;

/**
 * By id of each invariant: what breaks it, so that a zero of it means something. A test explores them all, and shows that without
 * the bug nothing is broken. Nothing in the model makes a page or a buffer dirty, so that B2 and B6 are broken by a test of
 * the bit that answers wrongly; the slab of the model never hands an object out twice, so that DF is broken by an answer, too.
 */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  B1: { strategy: 'none', ...PRIMED },
  B2: {
    strategy: upstreamWith('btrfs_release_extent_buffer_pages/test_bit.eb.bflags.DIRTY/true'),
    ...PRIMED,
  },
  B3: { strategy: upstreamWith('find_extent_buffer/atomic_inc_not_zero.eb.refs/true'), ...PRIMED },
  B4: { strategy: upstreamWith('attach_extent_buffer_page/WRITE_ONCE.page.private/drop'), ...COLD },
  B5: { strategy: upstreamWith('free_new_buffer/atomic_dec_and_test.eb.refs/false'), ...TWO_COLD },
  B6: { strategy: upstreamWith('alloc_extent_buffer/test_bit.page.flags.DIRTY/true'), ...COLD },
  B7: { strategy: upstreamWith('attach_extent_buffer_page/test_bit.page.flags.PRIVATE/false'), ...TWO_COLD },
  B10: { strategy: upstreamWith('check_buffer_tree_ref/atomic_inc.eb.refs/split'), ...TWO_COLD },
  UAF: { strategy: upstreamWith('find_extent_buffer/atomic_inc_not_zero.eb.refs/split'), ...PRIMED },
  DF: { strategy: upstreamWith('release_extent_buffer/call_rcu/false'), ...PRIMED },
  Q1: { strategy: upstreamWith('lock_extent_buffer_pages/trylock_page.page.flags.LOCKED/true'), ...PRIMED },
  Q2: {
    strategy: upstreamWith('btrfs_release_extent_buffer_pages/clear_bit.page.flags.PRIVATE/drop'),
    ...PRIMED,
  },
  Q3: {
    strategy: upstreamWith('read_extent_buffer_pages/test_bit.page.flags.UPTODATE/true'),
    ...PRIMED,
  },
  WILD: { strategy: upstreamWith('attach_extent_buffer_page/test_bit.page.flags.PRIVATE/true'), ...COLD },
  L1: { strategy: upstreamWith('find_or_create_page/lock_page.page.flags.LOCKED/drop'), ...COLD },
  L2: { strategy: upstreamWith('find_extent_buffer/rcu_read_unlock/drop'), ...PRIMED },
  L3: { strategy: upstreamWith('find_extent_buffer/rcu_read_unlock/drop'), ...COLD },
  L4: { strategy: upstreamWith('release_extent_buffer/spin_unlock.buffer_lock/drop'), ...PRIMED },
  // Under the fix of 2020 a failed read breaks more than this.
  Q4: {
    strategy: 'bio-ref~free_extent_buffer_stale/set_bit.eb.bflags.STALE/drop',
    start: 'cold',
    actors: 'read=1,reclaim=1,end-io=1',
    pages: 1,
    readsFail: true,
  },
};
