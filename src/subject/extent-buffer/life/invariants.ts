import type { Invariant } from '../../../model/invariant.ts';
import { extentBufferInvariants } from '../v5.7/invariants.ts';
import { Check } from './check.ts';

const FORBIDDEN = 'FORBIDDEN';

/** Those of v5.7/invariants.ts, and those of buffers that are changed and written. */
export const lifeInvariants: readonly Invariant[] = [
  ...extentBufferInvariants,
  {
    check: Check.B8,
    id: 'B8',
    title: 'dirty without the reference of the tree',
    origin: 'WARN_ON(!refs), WARN_ON(!EXTENT_BUFFER_TREE_REF), ASSERT(PageDirty), set_extent_buffer_dirty',
    grade: FORBIDDEN,
  },
  {
    check: Check.B9,
    id: 'B9',
    title: 'cleaned without page->private or references',
    origin: 'WARN_ON(!PagePrivate(page)), WARN_ON(!refs), clear_extent_buffer_dirty',
    grade: FORBIDDEN,
  },
  {
    check: Check.Q5,
    id: 'Q5',
    title: 'IO that never ends',
    origin: 'quiescence: neither WRITEBACK nor io_pages once all IO has been completed',
    grade: FORBIDDEN,
    isAtRest: true,
  },
  {
    check: Check.Q6,
    id: 'Q6',
    title: 'lost change',
    origin: 'quiescence: what was changed in a buffer is dirty there, or on the disk',
    grade: FORBIDDEN,
    isAtRest: true,
  },
  {
    check: Check.Q7,
    id: 'Q7',
    title: 'stale buffer left cached',
    origin: 'quiescence: the last free_extent_buffer of a STALE buffer releases it',
    grade: FORBIDDEN,
    isAtRest: true,
  },
  {
    check: Check.Q8,
    id: 'Q8',
    title: 'content used without verification',
    origin: 'csum_tree_block and the checks behind it come before any read_extent_buffer',
    grade: FORBIDDEN,
  },
];
