/**
 * kernel-7.3.md 2.16: writing a buffer. Left out, as in the model: zoned devices and the header’s WRITTEN flag.
 */
import { BIO_WRITE } from '../../../../src/subject/extent-buffer/v7.3/layout.ts';
import type { TodayWorld } from '../../../helpers/today-world.ts';
import { mark } from './steps-of-changes.ts';
import { FREE, LEAVE_FREE_LOOP, RELEASE_ONE } from './steps-of-references.ts';
import type { OperationSteps } from './step-table.ts';

/** 2.16, buffer_tree_get_ebs_tag with find_get_eb; 6.12 comes by the dirty folios, and out of `folio->private`. */
function findMarked(name: string): string {
  return `
  rcu_read_lock [since 6.18]
  test_bit fs.tree_marks:${name} [since 6.18]
  READ_ONCE fs.tree_slot [since 6.18]
  test_bit folio0.flags:DIRTY [6.12]
  test_bit folio0.flags:PRIVATE [6.12]
  spin_lock i_private_lock [6.12]
  test_bit folio0.flags:PRIVATE [6.12]
  READ_ONCE folio0.private [6.12]
  refcount_inc_not_zero eb0.refs
  spin_unlock i_private_lock [6.12]
  READ_ONCE fs.tree_slot [since 6.18]
  rcu_read_unlock [since 6.18]`;
}

/** buffer_tree_tag_for_writeback. */
const TAG = `
  spin_lock xa_lock [since 6.18]
  test_bit fs.tree_marks:DIRTY [since 6.18]
  set_bit fs.tree_marks:TOWRITE [since 6.18]
  spin_unlock xa_lock [since 6.18]`;

const LOCK = `
  down_write eb0.lock
  test_bit eb0.bflags:WRITEBACK`;

/** 2.16, lock_extent_buffer_for_io behind the check of inhibitors, which are there since f9a48549a15a (7.1). */
const START_WRITEBACK = `
  test_and_clear_bit eb0.bflags:DIRTY
  set_bit eb0.bflags:WRITEBACK
  spin_unlock eb0.refs_lock
  spin_lock xa_lock [since 6.18]
  set_bit fs.tree_marks:WRITEBACK [since 6.18]
  clear_bit fs.tree_marks:DIRTY [since 6.18]
  clear_bit fs.tree_marks:TOWRITE [since 6.18]
  spin_unlock xa_lock [since 6.18]
  up_write eb0.lock`;

/** 2.16, write_one_eb up to the bio: folio_clear_dirty_for_io and folio_start_writeback. */
const WRITE_ONE = `
  clear_bit eb0.bflags:WRITE_ERR
  folios {
    lock_page folio
    test_and_clear_bit folio.flags:DIRTY
    test_and_set_bit folio.flags:WRITEBACK
    unlock_page folio
  }
  READ_ONCE fs.error`;

/** btree_csum_one_bio, as far as N12 goes, and the bio, which has no reference. */
const SUBMIT = `
  test_bit folio0.flags:UPTODATE
  submit eb0`;

/** 2.16, end_bbio_meta_write; the device has read each folio. */
const END_WRITE = `
  folios {
    READ_ONCE folio.payload
    test_and_clear_bit folio.flags:WRITEBACK
  }
  ${mark('clear_bit', 'WRITEBACK')}
  clear_and_wake_up_bit eb0.bflags:WRITEBACK`;

const END_WRITE_IN_ERROR = `
  set_bit eb0.bflags:WRITE_ERR
  clear_bit eb0.bflags:UPTODATE
  ${END_WRITE}`;

/** 2.16, a dirty buffer is written in the background. */
const WRITE_BACK = `
  ${findMarked('DIRTY')}
  ${LOCK}
  spin_lock eb0.refs_lock
  atomic_read eb0.writeback_inhibitors [since 7.2]
  ${START_WRITEBACK}
  ${WRITE_ONE}`;

const writes: readonly OperationSteps[] = [
  {
    title: '2.16 btree_writepages, nothing is dirty',
    start: { state: 'clean' },
    play: (model) => model.btreeWritepages(false),
    steps: `
      rcu_read_lock [since 6.18]
      test_bit fs.tree_marks:DIRTY [since 6.18]
      rcu_read_unlock [since 6.18]
      folios {
        test_bit folio.flags:DIRTY [6.12]
      }`,
  },
  {
    title: '2.16 btree_writepages, dirty',
    start: { state: 'dirty' },
    play: (model) => model.btreeWritepages(false),
    steps: `
      ${WRITE_BACK}
      ${SUBMIT}
      ${FREE}`,
  },
  {
    title: '2.16 btree_writepages, of a file system with errors',
    start: { state: 'dirty' },
    set: { 'fs.error': 1 },
    play: (model) => model.btreeWritepages(false),
    steps: `
      ${WRITE_BACK}
      ${END_WRITE_IN_ERROR}
      ${FREE}`,
  },
  {
    title: '2.16 btree_writepages for a commit, dirty',
    start: { state: 'dirty' },
    play: (model) => model.btreeWritepages(true),
    // Inhibitors do not keep a commit from it.
    steps: `
      ${TAG}
      ${findMarked('TOWRITE')}
      ${LOCK}
      spin_lock eb0.refs_lock
      ${START_WRITEBACK}
      ${WRITE_ONE}
      ${SUBMIT}
      ${FREE}`,
  },
  {
    title: '2.16 btree_writepages for a commit, nothing is dirty',
    kernels: ['6.18', '7.3'],
    start: { state: 'clean' },
    play: (model) => model.btreeWritepages(true),
    steps: `
      spin_lock xa_lock
      test_bit fs.tree_marks:DIRTY
      spin_unlock xa_lock
      rcu_read_lock
      test_bit fs.tree_marks:TOWRITE
      rcu_read_unlock`,
  },
  {
    title: '2.16 btree_writepages, inhibited',
    kernels: ['7.3'],
    start: { state: 'dirty', holders: 1 },
    set: { 'eb0.writeback_inhibitors': 1 },
    play: (model) => model.btreeWritepages(false),
    steps: `
      ${findMarked('DIRTY')}
      ${LOCK}
      spin_lock eb0.refs_lock
      atomic_read eb0.writeback_inhibitors
      spin_unlock eb0.refs_lock
      up_write eb0.lock
      ${LEAVE_FREE_LOOP}
      refcount_read eb0.refs
      ${RELEASE_ONE}`,
  },
  {
    title: '2.16 btree_writepages, cleaned meanwhile',
    start: { state: 'dirty' },
    before: [
      'down_write eb0.lock',
      (world) => world.set({ 'eb0.bflags': ['TREE_REF', 'UPTODATE', 'IN_TREE'] }),
    ],
    play: (model) => model.btreeWritepages(false),
    steps: `
      ${findMarked('DIRTY')}
      ${LOCK}
      spin_lock eb0.refs_lock
      atomic_read eb0.writeback_inhibitors [since 7.2]
      test_and_clear_bit eb0.bflags:DIRTY
      spin_unlock eb0.refs_lock
      up_write eb0.lock
      ${FREE}`,
  },
  {
    title: '2.16 btree_writepages, in writeback: left alone',
    start: { state: 'dirty' },
    set: { 'eb0.bflags': ['TREE_REF', 'UPTODATE', 'DIRTY', 'WRITEBACK', 'IN_TREE'] },
    play: (model) => model.btreeWritepages(false),
    steps: `
      ${findMarked('DIRTY')}
      ${LOCK}
      up_write eb0.lock
      ${FREE}`,
  },
  {
    title: '2.16 btree_writepages for a commit, in writeback: waits',
    start: { state: 'dirty' },
    set: { 'eb0.bflags': ['TREE_REF', 'UPTODATE', 'DIRTY', 'WRITEBACK', 'IN_TREE'] },
    onBlocked: (world) => world.set({ 'eb0.bflags': ['TREE_REF', 'UPTODATE', 'DIRTY', 'IN_TREE'] }),
    play: (model) => model.btreeWritepages(true),
    steps: `
      ${TAG}
      ${findMarked('TOWRITE')}
      ${LOCK}
      up_write eb0.lock
      wait_on_bit eb0.bflags:WRITEBACK
      ${LOCK}
      spin_lock eb0.refs_lock
      ${START_WRITEBACK}
      ${WRITE_ONE}
      ${SUBMIT}
      ${FREE}`,
  },
  {
    title: '2.16 btree_writepages for a commit, on a zoned device it is not its turn: put with its batch',
    start: { state: 'dirty' },
    play: (model) => model.btreeWritepages(true, false),
    steps: `
      ${TAG}
      ${findMarked('TOWRITE')}
      ${FREE}`,
  },
  {
    title: '2.16 find_get_eb, a dying buffer: again',
    kernels: ['6.18', '7.3'],
    start: { state: 'dying' },
    set: { 'fs.tree_marks': ['DIRTY'] },
    onBlocked: (world) => world.set({ 'fs.tree_marks': [], 'fs.tree_slot': 0 }),
    play: (model) => model.btreeWritepages(false),
    // Inside of one RCU section, and without a cpu_relax in the kernel.
    steps: `
      rcu_read_lock
      test_bit fs.tree_marks:DIRTY
      READ_ONCE fs.tree_slot
      refcount_inc_not_zero eb0.refs
      cpu_relax
      test_bit fs.tree_marks:DIRTY
      rcu_read_unlock`,
  },
  {
    title: '2.16 find_get_eb, deleted meanwhile: put and again',
    kernels: ['6.18', '7.3'],
    start: { state: 'dirty', holders: 1 },
    before: [
      'refcount_inc_not_zero eb0.refs',
      (world) => world.set({ 'fs.tree_marks': [], 'fs.tree_slot': 0 }),
    ],
    play: (model) => model.btreeWritepages(false),
    steps: `
      rcu_read_lock
      test_bit fs.tree_marks:DIRTY
      READ_ONCE fs.tree_slot
      refcount_inc_not_zero eb0.refs
      READ_ONCE fs.tree_slot
      ${LEAVE_FREE_LOOP}
      refcount_read eb0.refs
      ${RELEASE_ONE}
      test_bit fs.tree_marks:DIRTY
      rcu_read_unlock`,
  },
  {
    title: '2.16 submit_eb_page of 6.12, private detached before the lock',
    kernels: ['6.12'],
    start: { state: 'dirty' },
    before: ['spin_lock i_private_lock', (world) => world.set({ 'folio0.flags': ['DIRTY'] })],
    play: (model, world) => {
      world.set({ 'folio0.flags': ['DIRTY', 'PRIVATE'] });
      if (world.geometry.pages === 2) world.set({ 'folio1.flags': [] });
      model.btreeWritepages(false);
    },
    steps: `
      test_bit folio0.flags:DIRTY
      test_bit folio0.flags:PRIVATE
      spin_lock i_private_lock
      test_bit folio0.flags:PRIVATE
      spin_unlock i_private_lock
      otherFolios {
        test_bit folio.flags:DIRTY
      }`,
  },
  {
    title: '2.16 submit_eb_page of 6.12, a dying buffer, and a folio of nobody',
    kernels: ['6.12'],
    start: { state: 'dying' },
    set: { 'folio.flags': ['DIRTY'] },
    play: (model, world) => {
      world.set({ 'folio0.flags': ['DIRTY', 'PRIVATE'] });
      model.btreeWritepages(false);
    },
    steps: `
      test_bit folio0.flags:DIRTY
      test_bit folio0.flags:PRIVATE
      spin_lock i_private_lock
      test_bit folio0.flags:PRIVATE
      READ_ONCE folio0.private
      refcount_inc_not_zero eb0.refs
      spin_unlock i_private_lock
      otherFolios {
        test_bit folio.flags:DIRTY
        test_bit folio.flags:PRIVATE
      }`,
  },
];

/** A bio of all folios. */
function writeBio({ geometry }: TodayWorld): number {
  return ((1 << geometry.pages) - 1) | BIO_WRITE;
}

const ends: readonly OperationSteps[] = [
  {
    title: '2.16 end_bbio_meta_write, good',
    start: { state: 'writing' },
    play: (model, world) => model.endBbioMetaWrite(writeBio(world), true),
    steps: END_WRITE,
  },
  {
    title: '2.16 end_bbio_meta_write, IO error',
    start: { state: 'writing' },
    play: (model, world) => model.endBbioMetaWrite(writeBio(world), false),
    steps: END_WRITE_IN_ERROR,
  },
];

export const ofWrites: readonly OperationSteps[] = [...writes, ...ends];
