/**
 * kernel-7.3.md 2.11 to 2.13: reading a buffer. What the device brings is written by its completion. Left out, as in
 * the model: the second time that 6.12 marks folios up to date, which nobody can tell.
 */
import { BIO_SECOND_MIRROR, BIO_STRICT } from '../../../../src/subject/extent-buffer/v7.3/layout.ts';
import type { ParentCheck } from '../../../../src/subject/extent-buffer/v7.3/reading.ts';
import type { TodayWorld } from '../../../helpers/today-world.ts';
import {
  FIND,
  FREE,
  FREE_STALE,
  LEAVE_FREE_LOOP,
  RELEASE_LAST,
  RELEASE_ONE,
  TREE_REF_IS_SET,
  UNDER_IO,
} from './steps-of-references.ts';
import type { OperationSteps } from './step-table.ts';

const STRICT: ParentCheck = { hasFirstKey: true, transid: 'current' };
const OUTDATED: ParentCheck = { hasFirstKey: true, transid: 'before' };
const IS_UPTODATE = 'test_bit eb0.bflags:UPTODATE';

/** Step 1 of 2.11, of a block that is up to date: verified since f04c6475c2db (7.1), by btrfs_buffer_uptodate without a generation. */
const VERIFY = `
  ${IS_UPTODATE} [since 7.2]
  READ_ONCE folio0.payload [since 7.2]`;

/** 2.11, step 1, of one that is not up to date, steps 2 and 3. */
const TAKE_READING = `
  ${IS_UPTODATE}
  test_bit eb0.bflags:WRITE_ERR
  test_and_set_bit eb0.bflags:READING`;

/** 2.11, steps 4 to 8. */
const SUBMIT = `
  ${IS_UPTODATE}
  clear_bit eb0.bflags:READ_ERR [6.12]
  WRITE_ONCE eb0.read_mirror
  ${TREE_REF_IS_SET}
  refcount_inc eb0.refs
  submit eb0`;

const WAIT = `
  wait_on_bit eb0.bflags:READING
  ${IS_UPTODATE}`;

const HELD = { state: 'unread', holders: 1 } as const;

const submissions: readonly OperationSteps[] = [
  {
    title: '2.11 read_extent_buffer_pages_nowait, up to date',
    start: { state: 'clean', holders: 1 },
    play: (model, world) => model.readExtentBufferPagesNowait(world.buffer(0), STRICT),
    steps: `
      ${IS_UPTODATE}
      ${VERIFY}`,
  },
  {
    title: '2.11 read_extent_buffer_pages_nowait, a write failed',
    start: HELD,
    set: { 'eb0.bflags': ['TREE_REF', 'WRITE_ERR'] },
    play: (model, world) => model.readExtentBufferPagesNowait(world.buffer(0), STRICT),
    steps: `
      ${IS_UPTODATE}
      test_bit eb0.bflags:WRITE_ERR`,
  },
  {
    title: '2.11 read_extent_buffer_pages_nowait, somebody else reads',
    start: { state: 'reading', holders: 1 },
    play: (model, world) => model.readExtentBufferPagesNowait(world.buffer(0), STRICT),
    steps: TAKE_READING,
  },
  {
    title: '2.11 read_extent_buffer_pages_nowait, somebody else has read',
    start: HELD,
    before: [
      'test_and_set_bit eb0.bflags:READING',
      (world) => world.set({ 'eb0.bflags': ['TREE_REF', 'UPTODATE'] }),
    ],
    play: (model, world) => model.readExtentBufferPagesNowait(world.buffer(0), STRICT),
    steps: `
      ${TAKE_READING}
      ${IS_UPTODATE}
      clear_and_wake_up_bit eb0.bflags:READING
      ${VERIFY}`,
  },
  {
    title: '2.11 read_extent_buffer_pages_nowait, submitted',
    start: HELD,
    play: (model, world) => model.readExtentBufferPagesNowait(world.buffer(0), STRICT),
    steps: `
      ${TAKE_READING}
      ${SUBMIT}`,
  },
  {
    title: '2.11 read_extent_buffer_pages, waits for its read',
    start: HELD,
    onBlocked: (world) => world.set({ 'eb0.bflags': ['TREE_REF', 'UPTODATE'] }),
    play: (model, world) => model.readExtentBufferPages(world.buffer(0), STRICT),
    steps: `
      ${TAKE_READING}
      ${SUBMIT}
      ${WAIT}`,
  },
  {
    title: '2.11 read_extent_buffer_pages, a write failed',
    start: HELD,
    set: { 'eb0.bflags': ['TREE_REF', 'WRITE_ERR'] },
    play: (model, world) => model.readExtentBufferPages(world.buffer(0), STRICT),
    steps: `
      ${IS_UPTODATE}
      test_bit eb0.bflags:WRITE_ERR`,
  },
];

/** 2.6 with clear_reading, of a read whose submitter has let go: with the references of the tree and the bio. */
const END_READING = `
  spin_lock eb0.refs_lock [since 7.2]
  clear_and_wake_up_bit eb0.bflags:READING
  refcount_read eb0.refs
  test_bit eb0.bflags:UNMAPPED
  spin_lock eb0.refs_lock [until 6.18]
  refcount_read eb0.refs
  test_bit eb0.bflags:STALE`;

/** 2.12, steps 1 and 2, behind what the device has brought: the check of the submitter stands in the bio. */
const COME_TO_END = `
  ${IS_UPTODATE}
  WRITE_ONCE eb0.read_mirror`;

const DEVICE_READS = `
  READ_ONCE fs.disk
  folios {
    WRITE_ONCE folio.payload
  }`;

const READ_IS_GOOD = `
  set_bit eb0.bflags:UPTODATE
  folios {
    set_bit folio.flags:UPTODATE
  }`;

const READ_IS_BAD = `
  clear_bit eb0.bflags:UPTODATE
  folios {
    clear_bit folio.flags:UPTODATE
  }
  set_bit eb0.bflags:READ_ERR [6.12]`;

/** A bio of all folios, of a reader that knows the first key. */
function strictBio({ geometry }: TodayWorld): number {
  return ((1 << geometry.pages) - 1) | BIO_STRICT;
}

const completions: readonly OperationSteps[] = [
  {
    title: '2.12 end_bbio_meta_read, good',
    start: { state: 'reading' },
    play: (model, world) => model.endBbioMetaRead(strictBio(world), 'ok'),
    steps: `
      ${DEVICE_READS}
      ${COME_TO_END}
      READ_ONCE folio0.payload
      ${READ_IS_GOOD}
      ${END_READING}
      ${RELEASE_ONE}`,
  },
  {
    title: '2.12 end_bbio_meta_read, another block than its parent speaks of',
    start: { state: 'reading', isForeign: true },
    play: (model, world) => model.endBbioMetaRead(strictBio(world), 'ok'),
    steps: `
      ${DEVICE_READS}
      ${COME_TO_END}
      READ_ONCE folio0.payload
      ${READ_IS_BAD}
      ${END_READING}
      ${RELEASE_ONE}`,
  },
  {
    title: '2.12 end_bbio_meta_read, of the second copy, which is the right block',
    start: { state: 'reading', isForeign: true },
    play: (model, world) => model.endBbioMetaRead(strictBio(world) | BIO_SECOND_MIRROR, 'ok'),
    // That the first copy is another block is not asked.
    steps: `
      folios {
        WRITE_ONCE folio.payload
      }
      ${COME_TO_END}
      READ_ONCE folio0.payload
      ${READ_IS_GOOD}
      ${END_READING}
      ${RELEASE_ONE}`,
  },
  {
    title: '2.12 end_bbio_meta_read, bad content',
    start: { state: 'reading' },
    play: (model, world) => model.endBbioMetaRead(strictBio(world), 'bad-content'),
    // That a checksum does not match is the answer of the device here.
    steps: `
      ${DEVICE_READS}
      ${COME_TO_END}
      ${READ_IS_BAD}
      ${END_READING}
      ${RELEASE_ONE}`,
  },
  {
    title: '2.12 end_bbio_meta_read, IO error',
    start: { state: 'reading' },
    play: (model, world) => model.endBbioMetaRead(strictBio(world), 'io-error'),
    steps: `
      ${COME_TO_END}
      ${READ_IS_BAD}
      ${END_READING}
      ${RELEASE_ONE}`,
  },
  {
    title: '2.12 end_bbio_meta_read, the last put of a STALE buffer',
    start: { state: 'reading', isStale: true },
    play: (model, world) => model.endBbioMetaRead(strictBio(world), 'io-error'),
    steps: `
      ${COME_TO_END}
      ${READ_IS_BAD}
      ${END_READING}
      ${UNDER_IO}
      test_and_clear_bit eb0.bflags:TREE_REF
      refcount_dec eb0.refs
      ${RELEASE_LAST}`,
  },
  {
    title: '2.12 end_bbio_meta_read, more than three references',
    start: { state: 'reading', holders: 2 },
    play: (model, world) => model.endBbioMetaRead(strictBio(world), 'io-error'),
    steps: `
      ${COME_TO_END}
      ${READ_IS_BAD}
      spin_lock eb0.refs_lock [since 7.2]
      clear_and_wake_up_bit eb0.bflags:READING
      refcount_read eb0.refs
      test_bit eb0.bflags:UNMAPPED
      atomic_cmpxchg eb0.refs
      spin_unlock eb0.refs_lock [since 7.2]`,
  },
];

/** 2.13 btrfs_buffer_uptodate with a generation that matches: the level and the first key are looked at since 7.1. */
const UPTODATE_OF_GENERATION = `
  ${IS_UPTODATE}
  READ_ONCE folio0.payload
  READ_ONCE folio0.payload [since 7.2]`;

/** 2.6 by somebody beside a read in flight: the tree, the bio and the caller. */
const FREE_BESIDE_READ = `
  ${LEAVE_FREE_LOOP}
  refcount_read eb0.refs
  ${RELEASE_ONE}`;

const reads: readonly OperationSteps[] = [
  {
    title: '2.13 btrfs_buffer_uptodate, not up to date',
    start: HELD,
    play: (model, world) => model.btrfsBufferUptodate(world.buffer(0), 'current', STRICT),
    steps: IS_UPTODATE,
  },
  {
    title: '2.13 btrfs_buffer_uptodate, up to date',
    start: { state: 'clean', holders: 1 },
    play: (model, world) => model.btrfsBufferUptodate(world.buffer(0), 'current', STRICT),
    steps: UPTODATE_OF_GENERATION,
  },
  {
    title: '2.13 btrfs_buffer_uptodate, of another generation',
    start: { state: 'dirty', holders: 1 },
    play: (model, world) => model.btrfsBufferUptodate(world.buffer(0), 'before', OUTDATED),
    // Before 7.1 with `atomic`: -EAGAIN. The kernel reads the generation once more before it says so.
    steps: `
      ${IS_UPTODATE}
      READ_ONCE folio0.payload
      clear_bit eb0.bflags:UPTODATE [since 7.2]
      folios {
        clear_bit folio.flags:UPTODATE [since 7.2]
      }`,
  },
  {
    title: '2.13 btrfs_readahead_tree_block, up to date',
    start: { state: 'clean' },
    play: (model) => model.btrfsReadaheadTreeBlock(STRICT),
    steps: `
      ${FIND}
      ${UPTODATE_OF_GENERATION}
      ${FREE}`,
  },
  {
    title: '2.13 btrfs_readahead_tree_block, read',
    start: { state: 'unread' },
    play: (model) => model.btrfsReadaheadTreeBlock(STRICT),
    steps: `
      ${FIND}
      ${IS_UPTODATE}
      ${TAKE_READING}
      ${SUBMIT}
      ${FREE_BESIDE_READ}`,
  },
  {
    title: '2.13 btrfs_readahead_tree_block, a write failed',
    start: { state: 'unread' },
    set: { 'eb0.bflags': ['TREE_REF', 'WRITE_ERR', 'IN_TREE'] },
    play: (model) => model.btrfsReadaheadTreeBlock(STRICT),
    steps: `
      ${FIND}
      ${IS_UPTODATE}
      ${IS_UPTODATE}
      test_bit eb0.bflags:WRITE_ERR
      ${FREE_STALE}`,
  },
  {
    title: '2.13 read_tree_block, read',
    start: { state: 'unread' },
    onBlocked: (world) => world.set({ 'eb0.bflags': ['TREE_REF', 'UPTODATE'] }),
    play: (model) => model.readTreeBlock(STRICT),
    steps: `
      ${FIND}
      ${TAKE_READING}
      ${SUBMIT}
      ${WAIT}`,
  },
  {
    title: '2.13 read_tree_block, no mirror can be read',
    start: { state: 'unread' },
    onBlocked: (world) => world.set({ 'eb0.bflags': ['TREE_REF', 'IN_TREE'], 'eb0.refs': 2 }),
    play: (model) => model.readTreeBlock(STRICT),
    steps: `
      ${FIND}
      ${TAKE_READING}
      ${SUBMIT}
      ${WAIT}
      ${TAKE_READING}
      ${SUBMIT}
      ${WAIT}
      ${FREE_STALE}`,
  },
  {
    title: '2.13 read_block_for_search, found and not up to date',
    start: HELD,
    play: (model, world) => model.readBlockForSearch(world.buffer(0), STRICT),
    steps: IS_UPTODATE,
  },
  {
    title: '2.13 read_block_for_search, of another generation: to be read',
    kernels: ['6.12', '6.18'],
    start: { state: 'dirty', holders: 1 },
    play: (model, world) => model.readBlockForSearch(world.buffer(0), OUTDATED),
    steps: `
      ${IS_UPTODATE}
      READ_ONCE folio0.payload`,
  },
  {
    title: 'read_extent_buffer: no lock of its own',
    start: { state: 'clean', holders: 1 },
    play: (model) => {
      model.readExtentBuffer(STRICT);
    },
    steps: `
      folios {
        READ_ONCE folio.payload
      }`,
  },
  {
    title: '2.13 read_block_for_search, found up to date',
    start: { state: 'clean', holders: 1 },
    play: (model, world) => model.readBlockForSearch(world.buffer(0), STRICT),
    // The search of kernels before 7.1 looks at level and first key itself.
    steps: `
      ${IS_UPTODATE}
      READ_ONCE folio0.payload
      READ_ONCE folio0.payload`,
  },
];

export const ofReads: readonly OperationSteps[] = [...submissions, ...completions, ...reads];
