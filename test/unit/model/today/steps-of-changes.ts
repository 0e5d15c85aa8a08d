/**
 * kernel-7.3.md 2.14, 2.15 and 2.17: changing a buffer. Left out, as in the model: zoned devices, the count of dirty bytes, and the
 * generation that btrfs_clear_buffer_dirty compares.
 */
import { cold } from '../../../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import { ALLOC_COLD } from './steps-of-allocation.ts';
import { FIND_NOLOCK, FREE, MARK_ACCESSED, TREE_REF_IS_SET } from './steps-of-references.ts';
import type { OperationSteps } from './step-table.ts';

/** buffer_tree_set_mark and buffer_tree_clear_mark: 6.12 has no marks of buffers. */
export function mark(access: 'set_bit' | 'clear_bit', name: string): string {
  return `
  spin_lock xa_lock [since 6.18]
  ${access} fs.tree_marks:${name} [since 6.18]
  spin_unlock xa_lock [since 6.18]`;
}

/** 2.14, steps 1 to 3. */
const SET_DIRTY = `
  ${TREE_REF_IS_SET}
  test_and_set_bit eb0.bflags:DIRTY
  refcount_read eb0.refs
  test_bit eb0.bflags:TREE_REF
  test_bit eb0.bflags:ZONED_ZEROOUT`;

const ALL_DIRTY = `
  folios {
    test_bit folio.flags:DIRTY
  }`;

const changes: readonly OperationSteps[] = [
  {
    title: '2.14 set_extent_buffer_dirty, first',
    start: { state: 'clean', holders: 1 },
    play: (model, world) => model.setExtentBufferDirty(world.buffer(0)),
    steps: `
      ${SET_DIRTY}
      folios {
        set_bit folio.flags:DIRTY
      }
      ${mark('set_bit', 'DIRTY')}
      ${ALL_DIRTY}`,
  },
  {
    title: '2.14 set_extent_buffer_dirty, again',
    start: { state: 'dirty', holders: 1 },
    play: (model, world) => model.setExtentBufferDirty(world.buffer(0)),
    steps: `
      ${SET_DIRTY}
      ${ALL_DIRTY}`,
  },
  {
    title: '2.15 btrfs_clear_buffer_dirty',
    start: { state: 'dirty', holders: 1 },
    play: (model, world) => model.btrfsClearBufferDirty(world.buffer(0)),
    steps: `
      test_and_clear_bit eb0.bflags:DIRTY
      ${mark('clear_bit', 'DIRTY')}
      folios {
        test_bit folio.flags:DIRTY
        lock_page folio
        clear_bit folio.flags:DIRTY
        unlock_page folio
      }
      refcount_read eb0.refs`,
  },
  {
    title: '2.15 btrfs_clear_buffer_dirty, the folios clean',
    start: { state: 'dirty', holders: 1 },
    set: { 'folio.flags': ['PRIVATE', 'UPTODATE'] },
    play: (model, world) => model.btrfsClearBufferDirty(world.buffer(0)),
    steps: `
      test_and_clear_bit eb0.bflags:DIRTY
      ${mark('clear_bit', 'DIRTY')}
      folios {
        test_bit folio.flags:DIRTY
      }
      refcount_read eb0.refs`,
  },
  {
    title: '2.15 btrfs_clear_buffer_dirty, clean',
    start: { state: 'clean', holders: 1 },
    play: (model, world) => model.btrfsClearBufferDirty(world.buffer(0)),
    steps: 'test_and_clear_bit eb0.bflags:DIRTY',
  },
];

/** 2.17 behind the buffer: generation, lock, clean, bits and content. Each folio of the block is filled. */
const INIT_NEW = `
  WRITE_ONCE folio0.payload
  down_write eb0.lock
  test_and_clear_bit eb0.bflags:DIRTY
  clear_bit eb0.bflags:STALE
  clear_bit eb0.bflags:ZONED_ZEROOUT
  set_bit eb0.bflags:UPTODATE
  folios {
    set_bit folio.flags:UPTODATE
  }
  folios {
    WRITE_ONCE folio.payload
  }`;

const news: readonly OperationSteps[] = [
  {
    title: '2.17 btrfs_init_new_buffer, a new buffer',
    start: cold,
    play: (model) => model.btrfsInitNewBuffer(),
    steps: `
      ${ALLOC_COLD}
      ${INIT_NEW}`,
  },
  {
    title: '2.17 btrfs_init_new_buffer, a STALE buffer of the block',
    start: { state: 'clean', isStale: true },
    play: (model) => model.btrfsInitNewBuffer(),
    steps: `
      ${FIND_NOLOCK}
      test_bit eb0.bflags:STALE
      spin_lock eb0.refs_lock
      spin_unlock eb0.refs_lock
      ${MARK_ACCESSED}
      ${INIT_NEW}`,
  },
  {
    title: '2.17 btrfs_inhibit_eb_writeback',
    kernels: ['7.3'],
    start: { state: 'clean', holders: 1 },
    play: (model, world) => model.btrfsInhibitEbWriteback(world.buffer(0)),
    steps: 'refcount_inc eb0.refs\n atomic_inc eb0.writeback_inhibitors',
  },
  {
    title: '2.17 btrfs_uninhibit_all_eb_writeback',
    kernels: ['7.3'],
    start: { state: 'clean', holders: 1 },
    set: { 'eb0.writeback_inhibitors': 1 },
    play: (model, world) => model.btrfsUninhibitEbWriteback(world.buffer(0)),
    steps: `
      atomic_dec eb0.writeback_inhibitors
      ${FREE}`,
  },
  {
    title: '2.17 inhibitors of kernels that have none',
    kernels: ['6.12', '6.18'],
    start: { state: 'clean', holders: 1 },
    play: (model, world) => {
      model.btrfsInhibitEbWriteback(world.buffer(0));
      model.btrfsUninhibitEbWriteback(world.buffer(0));
    },
    steps: '',
  },
  {
    title: 'the tree lock: btrfs_tree_lock, btrfs_tree_read_lock, and what gives them back',
    start: { state: 'clean', holders: 1 },
    play: (model, world) => {
      model.btrfsTreeLock(world.buffer(0));
      model.btrfsTreeUnlock(world.buffer(0));
      model.btrfsTreeReadLock(world.buffer(0));
      model.btrfsTreeReadUnlock(world.buffer(0));
    },
    steps: `
      down_write eb0.lock
      up_write eb0.lock
      down_read eb0.lock
      up_read eb0.lock`,
  },
  {
    title: 'extent_buffer_get: refcount_inc of a path',
    start: { state: 'clean', holders: 1 },
    play: (model, world) => model.extentBufferGet(world.buffer(0)),
    steps: 'refcount_inc eb0.refs',
  },
];

export const ofChanges: readonly OperationSteps[] = [...changes, ...news];
