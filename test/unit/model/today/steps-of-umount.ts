/** kernel-7.3.md 2.18: umount. Of its batches of folios, which take a reference of each at once, it is one after the other here. */
import { cold, empty } from '../../../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import { ofFolio0, PUT_LAST } from './steps-of-allocation.ts';
import { FIND_NOLOCK, FREE, RELEASE_LAST, UNDER_IO } from './steps-of-references.ts';
import type { OperationSteps } from './step-table.ts';

/** find_get_entries as far as it comes to a folio, and folio_lock. */
const LOCK_ENTRY = `
  rcu_read_lock
  READ_ONCE folio.mapping
  atomic_inc_not_zero folio.refcount
  READ_ONCE folio.mapping
  rcu_read_unlock
  lock_page folio
  READ_ONCE folio.mapping
  wait_on_bit folio.flags:WRITEBACK`;

const UNLOCK_ENTRY = `
  unlock_page folio
  atomic_dec_and_test folio.refcount`;

/** folio_unmap_invalidate of a folio that is nobody’s now; the last reference is that of the look-up. */
const REMOVE = `
  test_bit folio.flags:DIRTY
  WRITE_ONCE folio.mapping
  atomic_dec_and_test folio.refcount
  unlock_page folio
  ${PUT_LAST}`;

/** invalidate_inode_pages2, refused by each folio’s buffer, which has two references. */
const INVALIDATE_REFUSED = `
  folios {
    ${LOCK_ENTRY}
    test_bit folio.flags:PRIVATE
    test_bit folio.flags:WRITEBACK
    test_bit folio.flags:WRITEBACK
    test_bit folio.flags:DIRTY
    spin_lock i_private_lock
    test_bit folio.flags:PRIVATE
    READ_ONCE folio.private
    spin_lock eb0.refs_lock
    refcount_read eb0.refs
    spin_unlock eb0.refs_lock
    spin_unlock i_private_lock
    ${UNLOCK_ENTRY}
  }`;

const STOP = 'WRITE_ONCE fs.stopped';

export const ofUmount: readonly OperationSteps[] = [
  {
    title: '2.18 umount, an empty page cache',
    start: empty,
    play: (model) => model.closeCtree(),
    steps: `
      folios {
        rcu_read_lock
        READ_ONCE folio.mapping
        rcu_read_unlock
      }
      ${STOP}`,
  },
  {
    title: '2.18 umount, folios of nobody',
    start: cold,
    play: (model) => model.closeCtree(),
    steps: `
      folios {
        ${LOCK_ENTRY}
        test_bit folio.flags:PRIVATE
        ${REMOVE}
      }
      ${STOP}`,
  },
  {
    title: '2.18 umount, a buffer that is read',
    kernels: ['6.12', '6.18'],
    start: { state: 'reading' },
    play: (model) => model.closeCtree(),
    // Nobody waits.
    steps: `
      ${INVALIDATE_REFUSED}
      ${STOP}`,
  },
  {
    title: '2.18 umount, a buffer that is read: waited for, and free',
    kernels: ['7.3'],
    start: { state: 'reading' },
    // Its read ends.
    onBlocked: (world) => world.set({ 'eb0.bflags': ['TREE_REF'], 'eb0.refs': 2 }),
    play: (model) => {
      model.invalidateAndCheckBtreeFolios();
    },
    steps: `
      ${INVALIDATE_REFUSED}
      ${FIND_NOLOCK}
      test_bit eb0.bflags:READING
      wait_on_bit eb0.bflags:READING
      spin_lock eb0.refs_lock
      refcount_read eb0.refs
      spin_unlock eb0.refs_lock
      ${UNDER_IO}
      ${FREE}
      ${ofFolio0(LOCK_ENTRY)}
      test_bit folio0.flags:PRIVATE
      test_bit folio0.flags:WRITEBACK
      test_bit folio0.flags:WRITEBACK
      test_bit folio0.flags:DIRTY
      spin_lock i_private_lock
      test_bit folio0.flags:PRIVATE
      READ_ONCE folio0.private
      spin_lock eb0.refs_lock
      refcount_read eb0.refs
      ${UNDER_IO}
      spin_unlock i_private_lock
      test_and_clear_bit eb0.bflags:TREE_REF
      ${RELEASE_LAST}
      ${ofFolio0(REMOVE)}
      otherFolios {
        ${LOCK_ENTRY}
        test_bit folio.flags:PRIVATE
        ${REMOVE}
      }`,
  },
  {
    title: '2.18 umount, a buffer that dies',
    kernels: ['7.3'],
    start: { state: 'dying' },
    play: (model) => {
      model.invalidateAndCheckBtreeFolios();
    },
    steps: `
      ${INVALIDATE_REFUSED}
      ${FIND_NOLOCK}
      ${INVALIDATE_REFUSED}`,
  },
  {
    title: '2.18 queue_work of a bio that has ended: into a workqueue that is there',
    start: { state: 'reading' },
    play: (model) => model.queueEndIo(),
    steps: 'READ_ONCE fs.stopped',
  },
];
