/**
 * kernel-7.3.md 2.5, 2.9, 2.10 and 2.12 of the subpage layout, in which `folio->private` is a state of the folio that counts its buffers.
 * Of the model’s own: a walk comes to one slot, the count is a word of the folio, its bits are those of the state, and the read
 * section of a walk is left once the buffer is known to live.
 */
import type { Subpage } from '../../../../src/subject/extent-buffer/v7.3/subpage.ts';
import { cold, withBuffer } from '../../../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import type { BufferAtStart, Reset } from '../../../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import { inSubpage } from '../../../../src/subject/extent-buffer/v7.3/scenarios/subpage-starts.ts';
import { type KernelName, kernels } from '../../../../src/subject/extent-buffer/v7.3/kernel.ts';
import type { TodayWorld } from '../../../helpers/today-world.ts';
import { finish, INSERT, LOCK_EXISTING, LOOK_AT_FOLIO, newBuffer } from './steps-of-allocation.ts';
import { FIND_NOTHING, UNDER_IO } from './steps-of-references.ts';
import type { OperationSteps } from './step-table.ts';

/** btrfs_folio_dec_eb_refs and folio_range_has_eb: the last buffer takes the state with it. */
const DETACH_LAST = `
  READ_ONCE folio.mapping
  spin_lock i_private_lock
  test_bit folio.flags:PRIVATE
  atomic_read folio.eb_refs
  atomic_dec folio.eb_refs
  atomic_read folio.eb_refs
  test_bit folio.flags:PRIVATE
  clear_bit folio.flags:PRIVATE
  WRITE_ONCE folio.private
  atomic_dec_and_test folio.refcount
  spin_unlock i_private_lock
  atomic_dec_and_test folio.refcount [6.12]`;

/** The same with other buffers in the folio. */
const DETACH_ONE = `
  READ_ONCE folio.mapping
  spin_lock i_private_lock
  test_bit folio.flags:PRIVATE
  atomic_read folio.eb_refs
  atomic_dec folio.eb_refs
  atomic_read folio.eb_refs
  spin_unlock i_private_lock
  atomic_dec_and_test folio.refcount [6.12]`;

/** The walk up to a buffer, and its lock. 6.12 has the buffer_lock for it. */
const WALK_TO_BUFFER = `
  rcu_read_lock [since 6.18]
  spin_lock xa_lock [6.12]
  READ_ONCE fs.tree_slot
  spin_lock eb0.refs_lock
  refcount_read eb0.refs`;

/** What counts in the end. */
const LOOK_AT_STATE = `
  spin_lock i_private_lock
  test_bit folio0.flags:PRIVATE
  spin_unlock i_private_lock`;

/** btrfs_subpage_assert, whose state must be there. */
const ASSERT_STATE = `
  folios {
    test_bit folio.flags:PRIVATE
  }`;

function subpage(start: BufferAtStart): (kernel: KernelName) => Reset {
  return (kernel) => inSubpage(withBuffer(kernels[kernel], start));
}

/** An operation of that layout. */
interface SubpageSteps extends Omit<OperationSteps, 'start' | 'play'> {
  readonly start: (kernel: KernelName) => Reset;
  readonly play: (model: Subpage, world: TodayWorld) => unknown;
}

export const ofSubpage: readonly SubpageSteps[] = [
  {
    title: '2.9 try_release_subpage_extent_buffer, released',
    start: subpage({ state: 'clean' }),
    play: (model, world) => model.tryReleaseExtentBuffer(world.page(0)),
    steps: `
      ${WALK_TO_BUFFER}
      ${UNDER_IO}
      rcu_read_unlock [since 6.18]
      spin_unlock xa_lock [6.12]
      test_and_clear_bit eb0.bflags:TREE_REF
      lockdep_assert_held eb0.refs_lock
      atomic_read eb0.refs [6.12]
      refcount_dec_and_test eb0.refs
      test_and_clear_bit eb0.bflags:IN_TREE [6.12]
      spin_unlock eb0.refs_lock
      spin_lock xa_lock
      atomic_cmpxchg fs.tree_slot [since 6.18]
      WRITE_ONCE fs.tree_marks [since 6.18]
      WRITE_ONCE fs.tree_slot [6.12]
      spin_unlock xa_lock
      ${UNDER_IO}
      folios {
        ${DETACH_LAST}
      }
      call_rcu eb0
      rcu_read_lock [since 6.18]
      rcu_read_unlock [since 6.18]
      ${LOOK_AT_STATE}`,
  },
  {
    title: '2.9 try_release_subpage_extent_buffer, refused: two references',
    start: subpage({ state: 'clean', holders: 1 }),
    play: (model, world) => model.tryReleaseExtentBuffer(world.page(0)),
    steps: `
      ${WALK_TO_BUFFER}
      spin_unlock eb0.refs_lock
      rcu_read_unlock [since 6.18]
      spin_unlock xa_lock [6.12]
      ${LOOK_AT_STATE}`,
  },
  {
    title: '2.9 try_release_subpage_extent_buffer, the reference is not that of the tree: breaks',
    start: subpage({ state: 'clean' }),
    set: { 'eb0.bflags': ['UPTODATE', 'IN_TREE'] },
    play: (model, world) => model.tryReleaseExtentBuffer(world.page(0)),
    // b2840e33127c: the read section is entered once more before the break.
    steps: `
      ${WALK_TO_BUFFER}
      ${UNDER_IO}
      rcu_read_unlock [since 6.18]
      spin_unlock xa_lock [6.12]
      test_and_clear_bit eb0.bflags:TREE_REF
      spin_unlock eb0.refs_lock
      rcu_read_lock [since 6.18]
      rcu_read_unlock [since 6.18]
      ${LOOK_AT_STATE}`,
  },
  {
    title: '2.9 try_release_subpage_extent_buffer, no buffer',
    start: () => cold,
    play: (model, world) => model.tryReleaseExtentBuffer(world.page(0)),
    steps: `
      rcu_read_lock [since 6.18]
      spin_lock xa_lock [6.12]
      READ_ONCE fs.tree_slot
      rcu_read_unlock [since 6.18]
      spin_unlock xa_lock [6.12]
      ${LOOK_AT_STATE}`,
  },
  {
    title: '2.10 detach_extent_buffer_folio, other buffers in the folio',
    start: subpage({ state: 'dying' }),
    set: { 'folio.eb_refs': 2 },
    play: (model, world) => model.btrfsReleaseExtentBufferFolios(world.buffer(0)),
    steps: `
      ${UNDER_IO}
      folios {
        ${DETACH_ONE}
      }`,
  },
  {
    title: '2.5 alloc_extent_buffer, new on folios that are there: no grab, and a state',
    start: () => cold,
    play: (model) => model.allocExtentBuffer(),
    steps: `
      ${FIND_NOTHING}
      ${newBuffer('eb0')}
      folios {
        ${LOCK_EXISTING}
        spin_lock i_private_lock
        lockdep_assert_held i_private_lock
        test_bit folio.flags:PRIVATE
        clear_bit folio.flags:UPTODATE
        atomic_inc folio.refcount
        WRITE_ONCE folio.private
        set_bit folio.flags:PRIVATE
        atomic_inc folio.eb_refs
        spin_unlock i_private_lock
        ${LOOK_AT_FOLIO}
      }
      ${INSERT}
      ${finish('eb0')}`,
  },
  {
    title: '2.12 set_extent_buffer_uptodate',
    start: subpage({ state: 'reading' }),
    play: (model, world) => {
      model.setExtentBufferUptodate(world.buffer(0));
    },
    steps: `
      ${ASSERT_STATE}
      set_bit eb0.bflags:UPTODATE
      folios {
        set_bit folio.flags:UPTODATE
      }`,
  },
  {
    title: '2.12 clear_extent_buffer_uptodate',
    start: subpage({ state: 'clean' }),
    play: (model, world) => {
      model.clearExtentBufferUptodate(world.buffer(0));
    },
    steps: `
      ${ASSERT_STATE}
      clear_bit eb0.bflags:UPTODATE
      folios {
        clear_bit folio.flags:UPTODATE
      }`,
  },
];
