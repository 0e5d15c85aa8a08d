/** kernel-7.3.md 2.1 to 2.3, 2.6 and 2.7: references of buffers. Those that release a buffer are used by other tables. */
import type { OperationSteps } from './step-table.ts';

/** 2.1, of a buffer that is not. */
export const UNDER_IO: string = `
  test_bit eb0.bflags:WRITEBACK
  test_bit eb0.bflags:DIRTY`;

/** 2.2, steps 1 and 2: the tree has its reference. */
export const TREE_REF_IS_SET: string = `
  refcount_read eb0.refs
  test_bit eb0.bflags:TREE_REF`;

/** 2.2, steps 3 to 6, where TREE_REF was clear. */
export function setTreeRef(eb: string): string {
  return `
  spin_lock ${eb}.refs_lock
  test_and_set_bit ${eb}.bflags:TREE_REF
  refcount_inc ${eb}.refs
  spin_unlock ${eb}.refs_lock`;
}

/** 2.3, steps 1 to 4: nobody there. */
export const FIND_NOTHING: string = `
  rcu_read_lock
  READ_ONCE fs.tree_slot
  rcu_read_unlock`;

/** 2.3, steps 1 to 4, of a buffer, alive or not. */
export const FIND_NOLOCK: string = `
  rcu_read_lock
  READ_ONCE fs.tree_slot
  refcount_inc_not_zero eb0.refs
  rcu_read_unlock`;

/** 2.3, steps 6 and 7: folio_mark_accessed, without the lists of the LRU. */
export const MARK_ACCESSED: string = `
  ${TREE_REF_IS_SET}
  folios {
    test_bit folio.flags:REFERENCED
  }`;

/** 2.3 of a live buffer. */
export const FIND: string = `
  ${FIND_NOLOCK}
  test_bit eb0.bflags:STALE
  ${MARK_ACCESSED}`;

/** 2.10 of a buffer that owns the folios. A folio of 6.12 has a reference of the buffer, which goes behind it. */
export const RELEASE_FOLIOS: string = `
  ${UNDER_IO}
  folios {
    READ_ONCE folio.mapping
    spin_lock i_private_lock
    test_bit folio.flags:PRIVATE
    READ_ONCE folio.private
    test_bit eb0.bflags:DIRTY
    test_bit folio.flags:DIRTY
    test_bit folio.flags:WRITEBACK
    test_bit folio.flags:PRIVATE
    clear_bit folio.flags:PRIVATE
    WRITE_ONCE folio.private
    atomic_dec_and_test folio.refcount
    spin_unlock i_private_lock
    atomic_dec_and_test folio.refcount [6.12]
  }`;

/** 2.8 up to the lock: not the last reference. 6.12 warns of none by a read of its own. */
export const RELEASE_ONE: string = `
  lockdep_assert_held eb0.refs_lock
  atomic_read eb0.refs [6.12]
  refcount_dec_and_test eb0.refs
  spin_unlock eb0.refs_lock`;

/** Steps 3 to 6 of 2.8. An entry of the xarray that is erased has no marks. */
export const RELEASE_DYING: string = `
  spin_lock xa_lock
  atomic_cmpxchg fs.tree_slot [since 6.18]
  WRITE_ONCE fs.tree_marks [since 6.18]
  WRITE_ONCE fs.tree_slot [6.12]
  spin_unlock xa_lock
  ${RELEASE_FOLIOS}
  call_rcu eb0`;

/** 2.8: the last reference. */
export const RELEASE_LAST: string = `
  lockdep_assert_held eb0.refs_lock
  atomic_read eb0.refs [6.12]
  refcount_dec_and_test eb0.refs
  test_and_clear_bit eb0.bflags:IN_TREE [6.12]
  spin_unlock eb0.refs_lock
  ${RELEASE_DYING}`;

/** 2.6, step 1 with at most three references, and step 2. */
export const LEAVE_FREE_LOOP: string = `
  refcount_read eb0.refs
  test_bit eb0.bflags:UNMAPPED
  spin_lock eb0.refs_lock`;

/** 2.6 of a buffer that nobody lets go of: with the reference of the tree. */
export const FREE: string = `
  ${LEAVE_FREE_LOOP}
  refcount_read eb0.refs
  test_bit eb0.bflags:STALE
  ${RELEASE_ONE}`;

/** 2.7, step 3: TREE_REF is taken from a buffer that nobody else has. */
const TAKE_TREE_REF = `
  ${UNDER_IO}
  test_and_clear_bit eb0.bflags:TREE_REF
  refcount_dec eb0.refs`;

/** 2.7 with the last reference beside that of the tree. */
export const FREE_STALE: string = `
  spin_lock eb0.refs_lock
  set_bit eb0.bflags:STALE
  refcount_read eb0.refs
  ${TAKE_TREE_REF}
  ${RELEASE_LAST}`;

const HELD = { state: 'clean', holders: 1 } as const;
const CLEAN = { state: 'clean' } as const;

const WITHOUT_TREE_REF = { 'eb0.bflags': ['UPTODATE'] } as const;

const checks: readonly OperationSteps[] = [
  {
    title: '2.1 extent_buffer_under_io, nothing',
    start: CLEAN,
    play: (model, world) => model.extentBufferUnderIo(world.buffer(0)),
    steps: UNDER_IO,
  },
  {
    title: '2.1 extent_buffer_under_io, in writeback',
    start: { state: 'writing' },
    play: (model, world) => model.extentBufferUnderIo(world.buffer(0)),
    steps: 'test_bit eb0.bflags:WRITEBACK',
  },
  {
    title: '2.2 check_buffer_tree_ref without the lock',
    start: HELD,
    play: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
    steps: TREE_REF_IS_SET,
  },
  {
    title: '2.2 check_buffer_tree_ref with the lock, TREE_REF set: one reference',
    start: CLEAN,
    play: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
    steps: `
      refcount_read eb0.refs
      spin_lock eb0.refs_lock
      test_and_set_bit eb0.bflags:TREE_REF
      spin_unlock eb0.refs_lock`,
  },
  {
    title: '2.2 check_buffer_tree_ref with the lock, TREE_REF clear: one reference',
    start: CLEAN,
    set: WITHOUT_TREE_REF,
    play: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
    steps: `refcount_read eb0.refs ${setTreeRef('eb0')}`,
  },
  {
    title: '2.2 check_buffer_tree_ref with the lock, TREE_REF clear: two references',
    start: HELD,
    set: WITHOUT_TREE_REF,
    play: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
    steps: `${TREE_REF_IS_SET} ${setTreeRef('eb0')}`,
  },
];

const finds: readonly OperationSteps[] = [
  {
    title: '2.3 find_extent_buffer, no buffer',
    start: CLEAN,
    set: { 'fs.tree_slot': 0 },
    play: (model) => model.findExtentBuffer(),
    steps: FIND_NOTHING,
  },
  {
    title: '2.3 find_extent_buffer, a buffer',
    start: CLEAN,
    play: (model) => model.findExtentBuffer(),
    steps: FIND,
  },
  {
    title: '2.3 find_extent_buffer, folios not accessed lately',
    start: CLEAN,
    set: { 'folio.flags': ['PRIVATE', 'UPTODATE'] },
    play: (model) => model.findExtentBuffer(),
    steps: `
      ${FIND_NOLOCK}
      test_bit eb0.bflags:STALE
      ${TREE_REF_IS_SET}
      folios {
        test_bit folio.flags:REFERENCED
        set_bit folio.flags:REFERENCED
      }`,
  },
  {
    title: '2.3 find_extent_buffer, a dying buffer',
    start: { state: 'dying' },
    play: (model) => model.findExtentBuffer(),
    steps: FIND_NOLOCK,
  },
  {
    title: '2.3 find_extent_buffer, a STALE buffer',
    start: { state: 'clean', isStale: true },
    play: (model) => model.findExtentBuffer(),
    steps: `
      ${FIND_NOLOCK}
      test_bit eb0.bflags:STALE
      spin_lock eb0.refs_lock
      spin_unlock eb0.refs_lock
      ${MARK_ACCESSED}`,
  },
];

const puts: readonly OperationSteps[] = [
  {
    title: '2.6 free_extent_buffer, more than three references',
    start: { state: 'clean', holders: 3 },
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: `
      refcount_read eb0.refs
      test_bit eb0.bflags:UNMAPPED
      atomic_cmpxchg eb0.refs`,
  },
  {
    title: '2.6 free_extent_buffer, more than three references, and another put comes first',
    start: { state: 'clean', holders: 4 },
    before: ['atomic_cmpxchg eb0.refs', (world) => world.set({ 'eb0.refs': 4 })],
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: `
      refcount_read eb0.refs
      test_bit eb0.bflags:UNMAPPED
      atomic_cmpxchg eb0.refs
      test_bit eb0.bflags:UNMAPPED
      atomic_cmpxchg eb0.refs`,
  },
  {
    title: '2.6 free_extent_buffer, three references',
    start: { state: 'clean', holders: 2 },
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: `
      ${LEAVE_FREE_LOOP}
      refcount_read eb0.refs
      ${RELEASE_ONE}`,
  },
  {
    title: '2.6 free_extent_buffer, two references',
    start: HELD,
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: FREE,
  },
  {
    title: '2.6 free_extent_buffer, last put of a STALE buffer',
    start: { ...HELD, isStale: true },
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: `
      ${LEAVE_FREE_LOOP}
      refcount_read eb0.refs
      test_bit eb0.bflags:STALE
      ${TAKE_TREE_REF}
      ${RELEASE_LAST}`,
  },
  {
    title: '2.6 free_extent_buffer, a STALE buffer in writeback',
    start: { state: 'writing', holders: 1, isStale: true },
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: `
      ${LEAVE_FREE_LOOP}
      refcount_read eb0.refs
      test_bit eb0.bflags:STALE
      test_bit eb0.bflags:WRITEBACK
      ${RELEASE_ONE}`,
  },
  {
    title: '2.6 free_extent_buffer, the last of all: TREE_REF was stripped',
    start: CLEAN,
    set: { 'eb0.bflags': ['UPTODATE', 'IN_TREE'] },
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: `
      ${LEAVE_FREE_LOOP}
      refcount_read eb0.refs
      ${RELEASE_LAST}`,
  },
  {
    title: '2.7 free_extent_buffer_stale, last put',
    start: HELD,
    play: (model, world) => model.freeExtentBufferStale(world.buffer(0)),
    steps: FREE_STALE,
  },
  {
    title: '2.7 free_extent_buffer_stale, three references',
    start: { state: 'clean', holders: 2 },
    play: (model, world) => model.freeExtentBufferStale(world.buffer(0)),
    steps: `
      spin_lock eb0.refs_lock
      set_bit eb0.bflags:STALE
      refcount_read eb0.refs
      ${RELEASE_ONE}`,
  },
  {
    title: '2.7 free_extent_buffer_stale, dirty',
    start: { state: 'dirty', holders: 1 },
    play: (model, world) => model.freeExtentBufferStale(world.buffer(0)),
    steps: `
      spin_lock eb0.refs_lock
      set_bit eb0.bflags:STALE
      refcount_read eb0.refs
      ${UNDER_IO}
      ${RELEASE_ONE}`,
  },
];

export const ofReferences: readonly OperationSteps[] = [...checks, ...finds, ...puts];
