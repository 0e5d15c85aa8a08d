import type { PlantedBug } from '../../../fix/subject.ts';

const UNREAD = {
  scenario: 'read-vs-reclaim',
  start: 'unread',
  actors: 'finder=1,reclaim=1,end-io=1',
  pages: 1,
} as const;
const COLD = {
  scenario: 'read-vs-reclaim',
  start: 'cold',
  actors: 'readahead=1,reclaim=1,end-io=1',
  pages: 1,
} as const;
const DIRTY = {
  scenario: 'towrite-mark',
  start: 'dirty',
  actors: 'sync-writer=1,reclaim=1,end-io=1',
  pages: 1,
} as const;
/** Two strategies that let a new buffer take folios from one that is being released. */
const GRABBED = {
  scenario: 'grab-vs-release',
  strategy: 'grab-unlocked',
  repaired: 'none',
  start: 'clean',
  actors: 'allocator=1,migration=1',
  pages: 2,
} as const;
/** What is open in 7.3.4. */
const MADE_DIRTY = {
  scenario: 'dirty-vs-release',
  strategy: 'none',
  repaired: 'locked-check-today',
  start: 'clean',
  actors: 'recycler=1,reclaim=1',
  pages: 1,
} as const;

const todayWith = (mutation: string): string => `none~${mutation}`;

/**
 * By id of each invariant: what breaks it, so that a zero of it means something. Where a kernel had the bug, or has it, it is that one; else
 * one step of one function is another than the kernel's.
 */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  N1: {
    scenario: 'zoned-double-put',
    // Of who is dirty the assertion in front of it must say nothing.
    strategy:
      'put-twice~btrfs_release_extent_buffer_folios/extent_buffer_under_io/test_bit.eb.bflags.DIRTY/false',
    repaired: 'none',
    start: 'dirty',
    actors: 'zoned-writer=1,migration=1',
    pages: 1,
  },
  N2: MADE_DIRTY,
  N3: { ...UNREAD, strategy: todayWith('find_extent_buffer_nolock/refcount_inc_not_zero.eb.refs/true') },
  // Of a refcount_t no mutant says what it has found; 6.12 has an atomic_t.
  N4: {
    ...COLD,
    scenario: 'read-vs-reclaim@6.12',
    strategy: todayWith('alloc_extent_buffer/atomic_dec_and_test.eb.refs/false'),
    actors: 'readahead=2,end-io=1',
  },
  N5: { ...COLD, strategy: todayWith('alloc_extent_buffer/test_bit.folio.flags.DIRTY/true') },
  N6: { ...COLD, strategy: todayWith('attach_extent_buffer_folio/test_bit.folio.flags.PRIVATE/true') },
  N7: { ...COLD, strategy: todayWith('attach_extent_buffer_folio/WRITE_ONCE.folio.private/drop') },
  N8: MADE_DIRTY,
  N9: {
    scenario: 'reuse-of-stale',
    strategy: todayWith('btrfs_clear_buffer_dirty/refcount_read.eb.refs/as-0'),
    start: 'deleting',
    actors: 'holder=1,deleter=1,heir=1',
    pages: 1,
  },
  N10: {
    scenario: 'double-read',
    strategy: 'read-checked-once',
    repaired: 'none',
    start: 'unread',
    actors: 'reader=2,end-io=1',
    pages: 1,
  },
  N11: {
    scenario: 'reuse-of-stale',
    strategy: todayWith('free_extent_buffer_stale/spin_lock.eb.refs_lock/drop'),
    start: 'freed',
    actors: 'holder=1,staler=1,recycler=1',
    pages: 1,
  },
  N12: {
    scenario: 'old-pointer',
    strategy: 'none',
    repaired: 'uptodate-kept',
    start: 'dirty',
    actors: 'outdated-reader=1,writer=1,end-io=1',
    pages: 1,
  },
  N13: { ...DIRTY, strategy: 'written-in-interrupt', repaired: 'none' },
  N14: {
    scenario: 'umount-check',
    strategy: 'reading-cleared-first',
    repaired: 'none',
    start: 'reading',
    actors: 'umount=1,end-io=1',
    pages: 1,
  },
  N15: {
    scenario: 'subpage-double-detach',
    strategy: 'double-detach',
    repaired: 'none',
    start: 'cold',
    actors: 'allocator=1,readahead=1,end-io=1',
    pages: 1,
  },
  P1: {
    scenario: 'dying-folio',
    strategy: 'none',
    repaired: 'grab-waits',
    start: 'dying',
    actors: 'dying-put=1,allocator=1,reclaim=1',
    pages: 1,
  },
  P2: { ...COLD, strategy: todayWith('check_buffer_tree_ref/test_and_set_bit.eb.bflags.TREE_REF/false') },
  P3: GRABBED,
  P4: { ...DIRTY, strategy: 'towrite-kept', repaired: 'none' },
  P5: { ...DIRTY, strategy: todayWith('write_one_eb/test_and_clear_bit.folio.flags.DIRTY/true') },
  P6: {
    scenario: 'two-checks',
    strategy: 'unverified-hit',
    repaired: 'none',
    start: 'cached',
    actors: 'walker=1,reclaim=1,end-io=1',
    pages: 1,
  },
  P8: {
    scenario: 'umount-vs-read',
    strategy: 'umount-without-wait',
    repaired: 'none',
    start: 'reading',
    actors: 'umount=1,end-io=1',
    pages: 1,
  },
  P9: {
    ...DIRTY,
    strategy: todayWith('end_bbio_meta_write/clear_and_wake_up_bit.eb.bflags.WRITEBACK/drop'),
  },
  UAF: { ...UNREAD, strategy: 'reading-without-ref', repaired: 'none' },
  DF: { ...UNREAD, strategy: todayWith('release_extent_buffer/call_rcu/false') },
  WILD: GRABBED,
  L1: { ...COLD, strategy: todayWith('filemap_lock_folio/lock_page.folio.flags.LOCKED/drop') },
  L2: { ...UNREAD, strategy: todayWith('find_extent_buffer_nolock/rcu_read_unlock/drop') },
  L3: { ...COLD, strategy: todayWith('find_extent_buffer_nolock/rcu_read_unlock/drop') },
  L4: { ...UNREAD, strategy: todayWith('release_extent_buffer/spin_unlock.xa_lock/drop') },
};
