/** kernel-7.3.md 2.8 to 2.10: buffers that are released, and their folios. */
import {
  LEAVE_FREE_LOOP,
  RELEASE_DYING,
  RELEASE_FOLIOS,
  RELEASE_LAST,
  UNDER_IO,
} from './steps-of-references.ts';
import type { OperationSteps } from './step-table.ts';

const HELD = { state: 'clean', holders: 1 } as const;
const CLEAN = { state: 'clean' } as const;
const WITHOUT_TREE_REF = { 'eb0.bflags': ['UPTODATE'] } as const;

const BOTH_LOCKS = `
  test_bit folio0.flags:WRITEBACK
  test_bit folio0.flags:DIRTY
  spin_lock i_private_lock
  test_bit folio0.flags:PRIVATE
  READ_ONCE folio0.private
  spin_lock eb0.refs_lock
  refcount_read eb0.refs`;

export const ofReleases: readonly OperationSteps[] = [
  {
    title: '2.9 btree_release_folio, the folio in writeback',
    start: { state: 'writing' },
    play: (model, world) => model.btreeReleaseFolio(world.page(0)),
    steps: 'test_bit folio0.flags:WRITEBACK',
  },
  {
    title: '2.9 btree_release_folio, the folio dirty',
    start: { state: 'dirty' },
    play: (model, world) => model.btreeReleaseFolio(world.page(0)),
    steps: 'test_bit folio0.flags:WRITEBACK\n test_bit folio0.flags:DIRTY',
  },
  {
    title: '2.9 try_release_extent_buffer, the folio is nobody’s',
    start: CLEAN,
    set: { 'folio.flags': [] },
    play: (model, world) => model.btreeReleaseFolio(world.page(0)),
    steps: `
      test_bit folio0.flags:WRITEBACK
      test_bit folio0.flags:DIRTY
      spin_lock i_private_lock
      test_bit folio0.flags:PRIVATE
      spin_unlock i_private_lock`,
  },
  {
    title: '2.9 try_release_extent_buffer, refused: two references',
    start: HELD,
    play: (model, world) => model.btreeReleaseFolio(world.page(0)),
    steps: `
      ${BOTH_LOCKS}
      spin_unlock eb0.refs_lock
      spin_unlock i_private_lock`,
  },
  {
    title: '2.9 try_release_extent_buffer, refused: dirty',
    start: { state: 'dirty' },
    set: { 'folio.flags': ['PRIVATE', 'UPTODATE'] },
    play: (model, world) => model.btreeReleaseFolio(world.page(0)),
    steps: `
      ${BOTH_LOCKS}
      ${UNDER_IO}
      spin_unlock eb0.refs_lock
      spin_unlock i_private_lock`,
  },
  {
    title: '2.9 try_release_extent_buffer, the reference is not that of the tree',
    start: CLEAN,
    set: WITHOUT_TREE_REF,
    play: (model, world) => model.btreeReleaseFolio(world.page(0)),
    steps: `
      ${BOTH_LOCKS}
      ${UNDER_IO}
      spin_unlock i_private_lock
      test_and_clear_bit eb0.bflags:TREE_REF
      spin_unlock eb0.refs_lock`,
  },
  {
    title: '2.9 try_release_extent_buffer, released',
    start: CLEAN,
    play: (model, world) => model.btreeReleaseFolio(world.page(0)),
    steps: `
      ${BOTH_LOCKS}
      ${UNDER_IO}
      spin_unlock i_private_lock
      test_and_clear_bit eb0.bflags:TREE_REF
      ${RELEASE_LAST}`,
  },
  {
    title: '2.8 release_extent_buffer without the lock, refs 0',
    start: { state: 'dying' },
    play: (model, world) => model.releaseDying(world.buffer(0), true),
    steps: RELEASE_DYING,
  },
  {
    title: '2.8 release_extent_buffer, another buffer in the tree: deleted by identity',
    kernels: ['6.18', '7.3'],
    start: { state: 'dying' },
    set: { 'fs.tree_slot': 'eb1' },
    play: (model, world) => model.releaseDying(world.buffer(0), true),
    steps: RELEASE_DYING.replace('WRITE_ONCE fs.tree_marks [since 6.18]', ''),
  },
  {
    title: '2.8 release_extent_buffer of 6.12, not IN_TREE',
    kernels: ['6.12'],
    start: CLEAN,
    set: WITHOUT_TREE_REF,
    play: (model, world) => model.freeExtentBuffer(world.buffer(0)),
    steps: `
      ${LEAVE_FREE_LOOP}
      refcount_read eb0.refs
      lockdep_assert_held eb0.refs_lock
      atomic_read eb0.refs
      refcount_dec_and_test eb0.refs
      test_and_clear_bit eb0.bflags:IN_TREE
      spin_unlock eb0.refs_lock
      ${RELEASE_FOLIOS}
      call_rcu eb0`,
  },
  {
    title: '2.10 detach_extent_buffer_folio, the folio is of another buffer',
    start: { state: 'dying' },
    set: { 'folio.private': 'eb1' },
    play: (model, world) => model.btrfsReleaseExtentBufferFolios(world.buffer(0)),
    steps: `
      ${UNDER_IO}
      folios {
        READ_ONCE folio.mapping
        spin_lock i_private_lock
        test_bit folio.flags:PRIVATE
        READ_ONCE folio.private
        spin_unlock i_private_lock
        atomic_dec_and_test folio.refcount [6.12]
      }`,
  },
  {
    title: '2.10 detach_extent_buffer_folio, the folio is nobody’s',
    start: { state: 'dying' },
    set: { 'folio.flags': [] },
    play: (model, world) => model.btrfsReleaseExtentBufferFolios(world.buffer(0)),
    steps: `
      ${UNDER_IO}
      folios {
        READ_ONCE folio.mapping
        spin_lock i_private_lock
        test_bit folio.flags:PRIVATE
        spin_unlock i_private_lock
        atomic_dec_and_test folio.refcount [6.12]
      }`,
  },
];
