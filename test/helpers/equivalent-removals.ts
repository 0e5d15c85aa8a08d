/**
 * Removals of single steps of `upstream` and its scenario that no invariant can notice, by the reason why. A removal is
 * `[caller/]function/access/change`: see src/fix/mutation/mutation.ts.
 */
export const EQUIVALENT_REMOVALS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'The lockless exit of check_buffer_tree_ref only saves the lock: behind it the bit is tested once more.',
    [
      'check_buffer_tree_ref/atomic_read.eb.refs/as-1',
      'check_buffer_tree_ref/test_bit.eb.bflags.TREE_REF/false',
      'set_io_pages/check_buffer_tree_ref/atomic_read.eb.refs/as-1',
      'set_io_pages/check_buffer_tree_ref/test_bit.eb.bflags.TREE_REF/false',
    ],
  ],
  [
    'Whether refs is at least 2 adds nothing to the bit: where it is 1, it is the own reference and TREE_REF is clear.',
    [
      'check_buffer_tree_ref/atomic_read.eb.refs/as-2',
      'check_buffer_tree_ref/atomic_read.eb.refs/as-3',
      'set_io_pages/check_buffer_tree_ref/atomic_read.eb.refs/as-2',
      'set_io_pages/check_buffer_tree_ref/atomic_read.eb.refs/as-3',
    ],
  ],
  [
    'Finding nothing is always allowed: the finder gives up, or the insertion finds the old buffer.',
    [
      'find_extent_buffer/READ_ONCE.fs.tree_slot/as-0',
      'find_extent_buffer/atomic_inc_not_zero.eb.refs/false',
    ],
  ],
  [
    'The handshake with a freer of a stale buffer: no setting looks up a buffer while another actor makes it stale.',
    [
      'find_extent_buffer/test_bit.eb.bflags.STALE/true',
      'find_extent_buffer/test_bit.eb.bflags.STALE/false',
      'free_extent_buffer_stale/set_bit.eb.bflags.STALE/drop',
      'free_extent_buffer/test_bit.eb.bflags.STALE/false',
    ],
  ],
  [
    'The mark of an accessed page is for the LRU lists, which are no part of the model.',
    [
      'mark_extent_buffer_accessed/test_bit.page.flags.REFERENCED/true',
      'mark_extent_buffer_accessed/test_bit.page.flags.REFERENCED/false',
      'find_or_create_page/test_bit.page.flags.REFERENCED/true',
      'find_or_create_page/test_bit.page.flags.REFERENCED/false',
      'find_or_create_page/set_bit.page.flags.REFERENCED/drop',
    ],
  ],
  [
    'Not to read is always allowed: a readahead is a hint, and who waits finds its pages not up to date.',
    [
      'read_extent_buffer_pages/test_bit.eb.bflags.UPTODATE/true',
      'lock_extent_buffer_pages/trylock_page.page.flags.LOCKED/false',
    ],
  ],
  [
    'The early exit for a buffer that is up to date: behind it each page is tested too.',
    ['read_extent_buffer_pages/test_bit.eb.bflags.UPTODATE/false'],
  ],
  [
    'To leave UPTODATE clear costs another read, and no more: the pages are tested one by one.',
    [
      'read_extent_buffer_pages/set_bit.eb.bflags.UPTODATE/drop',
      'finish_read/set_bit.eb.bflags.UPTODATE/drop',
      'finish_read/set_bit.page.flags.UPTODATE/drop',
      'end_bio_extent_readpage/set_bit.page.flags.UPTODATE/drop',
      'alloc_extent_buffer/test_bit.page.flags.UPTODATE/false',
    ],
  ],
  [
    'UPTODATE is clear already where a read fails: it was started because the bit was clear.',
    [
      'end_bio_extent_readpage/clear_bit.page.flags.UPTODATE/drop',
      'finish_read/clear_bit.eb.bflags.UPTODATE/drop',
      'finish_read/clear_bit.page.flags.UPTODATE/drop',
    ],
  ],
  [
    'The mirror that was read, and the ERROR flag of a page, are for messages: nothing goes by them.',
    [
      'read_extent_buffer_pages/WRITE_ONCE.eb.read_mirror/drop',
      'finish_read/WRITE_ONCE.eb.read_mirror/drop',
      'btree_readpage_failed/WRITE_ONCE.eb.read_mirror/drop',
      'submit_reads/clear_bit.page.flags.ERROR/drop',
      'end_bio_extent_readpage/set_bit.page.flags.ERROR/drop',
    ],
  ],
  [
    'READ_ERR of one page spoils the verification of the others, but here a bio fails or succeeds as a whole; and a read that is thought to have failed is only read anew.',
    [
      'read_extent_buffer_pages/clear_bit.eb.bflags.READ_ERR/drop',
      'btree_readpage_failed/set_bit.eb.bflags.READ_ERR/drop',
      'finish_read/test_bit.eb.bflags.READ_ERR/false',
    ],
  ],
  [
    'READAHEAD is for the readahead of trees that are walked (reada.c), which is no part of the model.',
    [
      'finish_read/test_and_clear_bit.eb.bflags.READAHEAD/true',
      'finish_read/test_and_clear_bit.eb.bflags.READAHEAD/false',
      'btree_readpage_failed/test_and_clear_bit.eb.bflags.READAHEAD/true',
      'btree_readpage_failed/test_and_clear_bit.eb.bflags.READAHEAD/false',
    ],
  ],
  [
    'All pages are up to date, or none is: no setting reads a part of a buffer.',
    ['submit_reads/test_bit.page.flags.UPTODATE/false'],
  ],
  [
    'What read_tree_block returns is put back at once: no actor uses the content of the buffer.',
    ['wait_for_pages/test_bit.page.flags.UPTODATE/true', 'wait_for_pages/test_bit.page.flags.UPTODATE/false'],
  ],
  [
    'free_extent_buffer reads refs to choose between a cmpxchg and the lock, and either way drops one reference.',
    [
      'free_extent_buffer/atomic_read.eb.refs/as-1',
      'free_extent_buffer/atomic_read.eb.refs/as-2',
      'free_extent_buffer/atomic_read.eb.refs/as-3',
    ],
  ],
  [
    'EXTENT_BUFFER_UNMAPPED is never set: all buffers are mapped, and to take one for unmapped costs the lock at most once.',
    [
      'free_extent_buffer/test_bit.eb.bflags.UNMAPPED/true',
      'free_extent_buffer/test_bit.eb.bflags.UNMAPPED/false',
    ],
  ],
  [
    'The count under the lock matters for stale buffers only, and a stale one has no other user in these settings.',
    [
      'free_extent_buffer/atomic_read.eb.refs.2/as-1',
      'free_extent_buffer/atomic_read.eb.refs.2/as-2',
      'free_extent_buffer/atomic_read.eb.refs.2/as-3',
      'free_extent_buffer_stale/atomic_read.eb.refs/as-2',
    ],
  ],
  [
    'A stale buffer that keeps its TREE_REF, or has lost it to nobody, is still reclaimed or put as any other.',
    [
      'free_extent_buffer_stale/test_and_clear_bit.eb.bflags.TREE_REF/true',
      'free_extent_buffer_stale/test_and_clear_bit.eb.bflags.TREE_REF/false',
    ],
  ],
  [
    'release_extent_buffer reads refs for its WARN_ON only, and it is never 0 there.',
    [
      'release_extent_buffer/atomic_read.eb.refs/as-1',
      'release_extent_buffer/atomic_read.eb.refs/as-2',
      'release_extent_buffer/atomic_read.eb.refs/as-3',
    ],
  ],
  [
    'Every buffer that is released was in the tree.',
    ['release_extent_buffer/test_and_clear_bit.eb.bflags.IN_TREE/true'],
  ],
  [
    'An insertion that overwrites the slot: the old buffer is dying there, and deletes only what it knows to be in the tree.',
    ['radix_tree_insert/READ_ONCE.fs.tree_slot/as-0'],
  ],
  [
    'No actor dirties or writes back: the tests of DIRTY and WRITEBACK never find anything.',
    [
      'btree_releasepage/test_bit.page.flags.WRITEBACK/false',
      'btree_releasepage/test_bit.page.flags.DIRTY/false',
      'extent_buffer_under_io/test_bit.eb.bflags.WRITEBACK/false',
      'extent_buffer_under_io/test_bit.eb.bflags.DIRTY/false',
      'btrfs_release_extent_buffer_pages/test_bit.eb.bflags.DIRTY/false',
      'btrfs_release_extent_buffer_pages/test_bit.eb.bflags.DIRTY.2/false',
      'btrfs_release_extent_buffer_pages/test_bit.page.flags.DIRTY/false',
      'btrfs_release_extent_buffer_pages/test_bit.page.flags.WRITEBACK/false',
      'alloc_extent_buffer/test_bit.page.flags.DIRTY/false',
    ],
  ],
  [
    'To refuse a release is always allowed: reclaim comes back another time.',
    [
      'btree_releasepage/test_bit.page.flags.DIRTY/true',
      'try_release_extent_buffer/test_bit.page.flags.PRIVATE/false',
      'try_release_extent_buffer/atomic_read.eb.refs/as-0',
      'try_release_extent_buffer/atomic_read.eb.refs/as-2',
      'try_release_extent_buffer/atomic_read.eb.refs/as-3',
      'try_release_extent_buffer/test_and_clear_bit.eb.bflags.TREE_REF/false',
    ],
  ],
  [
    "A page that is somebody else's is told by its private pointer too.",
    ['btrfs_release_extent_buffer_pages/test_bit.page.flags.PRIVATE/true'],
  ],
  [
    'page->private means nothing once PG_private is clear.',
    ['btrfs_release_extent_buffer_pages/WRITE_ONCE.page.private/drop'],
  ],
  [
    'The second test of PG_private is for a WARN_ON: the first has left it clear.',
    ['attach_extent_buffer_page/test_bit.page.flags.PRIVATE.2/false'],
  ],
  [
    'The new buffer that lost the race to insert has one reference, as nobody could find it.',
    ['free_new_buffer/atomic_dec_and_test.eb.refs/true'],
  ],
  [
    'The content is marked verified in any case: the check for unverified content sees the verification, not the device.',
    ['end_bio_extent_readpage/WRITE_ONCE.page.payload/drop'],
  ],
]);

/**
 * Removals that take a larger setting to be caught. io_pages decides where a page is given back
 * while another page of the buffer is still being read, and a second reclaim is there to take the first one.
 */
export const CAUGHT_IN_LARGER: ReadonlySet<string> = new Set([
  'extent_buffer_under_io/atomic_read.eb.io_pages/as-0',
  'finish_read/test_bit.eb.bflags.READ_ERR/true',
]);

/** Removals behind which an operation has no step left in any setting: what they leave puts nothing to the test. */
export const VACUOUS_REMOVALS: ReadonlySet<string> = new Set([
  'btree_releasepage/test_bit.page.flags.WRITEBACK/true',
]);
