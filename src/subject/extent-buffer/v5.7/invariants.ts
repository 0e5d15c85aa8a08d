import { Check } from './check.ts';
import type { Invariant } from '../../../model/invariant.ts';

const FORBIDDEN = 'FORBIDDEN';

/** The invariants of this subject, in the order of their check numbers. */
export const extentBufferInvariants: readonly Invariant[] = [
  {
    check: Check.B1,
    id: 'B1',
    title: 'released under IO',
    origin: 'BUG_ON(extent_buffer_under_io(eb)), btrfs_release_extent_buffer_pages',
    grade: FORBIDDEN,
  },
  {
    check: Check.B2,
    id: 'B2',
    title: 'detached while dirty or in writeback',
    origin: 'BUG_ON(EXTENT_BUFFER_DIRTY / PageDirty / PageWriteback), btrfs_release_extent_buffer_pages',
    grade: FORBIDDEN,
  },
  {
    check: Check.B3,
    id: 'B3',
    title: 'put of a buffer without references',
    origin: 'WARN_ON(atomic_read(&eb->refs) == 0), release_extent_buffer',
    grade: FORBIDDEN,
  },
  {
    check: Check.B4,
    id: 'B4',
    title: 'private page without a buffer',
    origin: 'BUG_ON(!eb), try_release_extent_buffer; NULL dereference in end_bio_extent_readpage',
    grade: FORBIDDEN,
  },
  {
    check: Check.B5,
    id: 'B5',
    title: 'unused new buffer had other references',
    origin: 'WARN_ON(!atomic_dec_and_test(&eb->refs)), alloc_extent_buffer',
    grade: FORBIDDEN,
  },
  {
    check: Check.B6,
    id: 'B6',
    title: 'attached a dirty page',
    origin: 'WARN_ON(PageDirty(p)), alloc_extent_buffer',
    grade: FORBIDDEN,
  },
  {
    check: Check.B7,
    id: 'B7',
    title: 'attached over another buffer',
    origin: 'WARN_ON(page->private != (unsigned long)eb), attach_extent_buffer_page',
    grade: FORBIDDEN,
  },
  {
    check: Check.B10,
    id: 'B10',
    title: 'completion raised a dead buffer',
    origin: 'atomic_inc(&eb->refs) in btree_readpage_end_io_hook; refcount_t warns since 2025',
    grade: FORBIDDEN,
  },
  {
    check: Check.Q1,
    id: 'Q1',
    title: 'wrong references at rest',
    origin: 'quiescence: refs == TREE_REF, io_pages as the reads in flight say',
    grade: FORBIDDEN,
    isAtRest: true,
  },
  {
    check: Check.Q2,
    id: 'Q2',
    title: 'wrong page references at rest',
    origin: 'quiescence: page refcount == cache + private + allocation; "Bad page state"',
    grade: FORBIDDEN,
    isAtRest: true,
  },
  {
    check: Check.Q3,
    id: 'Q3',
    title: 'unverified content up to date',
    origin: 'quiescence: UPTODATE only after a verified read',
    grade: FORBIDDEN,
    isAtRest: true,
  },
  {
    check: Check.Q4,
    id: 'Q4',
    title: 'failed read left its buffer cached',
    origin: 'quiescence: free_extent_buffer_stale behind a read that failed, read_tree_block',
    grade: FORBIDDEN,
    isAtRest: true,
  },
];
