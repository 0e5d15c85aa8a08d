/**
 * The functions of the kernel that the model of a buffer's whole life takes besides those of v5.7/: changes, writes, and a block that is
 * used again. Sections are those of kernel.md.
 */
import { inFile, type KernelTable } from '../../../model/kernel-function.ts';
import { sourcesOf57 } from '../v5.7/sources.ts';
import { readings } from '../v5.7/readings.ts';

/** Of `ExtentBufferLife`, those of `ExtentBufferModel` left out. */
export const sourcesOfLife: KernelTable = {
  generation: 'life',
  notes: 'kernel.md',
  model: 'ExtentBufferLife',
  extends: sourcesOf57,
  withoutFunction: { extentBufferGet: 'whoever keeps a buffer raises refs itself in v5.7' },
  readings,
  functions: [
    ...inFile('fs/btrfs/extent_io.c', [
      {
        name: 'read_extent_buffer',
        facts: 'Copies content out, page by page, with no lock of its own.',
        methods: ['readExtentBuffer'],
      },
      {
        name: 'write_extent_buffer',
        facts: 'Copies content in, page by page; the caller holds the tree lock.',
        methods: ['writeExtentBuffer'],
      },
      {
        name: 'set_extent_buffer_uptodate',
        section: '1.6',
        facts: 'The bit of the buffer, then that of each page.',
        methods: ['setExtentBufferUptodate'],
      },
      {
        name: 'clear_extent_buffer_uptodate',
        section: '1.12',
        facts: 'The bit of the buffer, then that of each page.',
        methods: ['clearExtentBufferUptodate'],
      },
      {
        name: 'set_extent_buffer_dirty',
        section: '1.13',
        facts:
          'check_buffer_tree_ref first, then test-and-set of DIRTY; warns of refs 0 and of TREE_REF clear; pages become dirty if it was clean. Takes no page lock.',
        methods: ['setExtentBufferDirty', 'setPagesDirty'],
      },
      {
        name: 'clear_extent_buffer_dirty',
        section: '1.14',
        facts:
          'Each dirty page: its lock, a warning where it has no buffer, dirt, tag and error go; at the end a warning of refs 0.',
        methods: ['clearExtentBufferDirty'],
      },
      {
        name: 'btree_write_cache_pages',
        section: '1.15',
        facts:
          'Dirty pages in batches; under private_lock the flag again, the pointer, inc-not-zero; locks for IO, writes, puts.',
        methods: ['btreeWriteCachePages', 'pagevecLookupRangeTag', 'takeExtentBufferOf'],
      },
      {
        name: 'lock_extent_buffer_for_io',
        section: '1.15',
        facts:
          'Tree lock; waits for WRITEBACK if it must; DIRTY to WRITEBACK in one section of refs_lock; then all page locks. A failed flush takes it back.',
        methods: ['lockExtentBufferForIo', 'startWriteback', 'undoWriteback', 'unlockFirst'],
      },
      {
        name: 'wait_on_extent_buffer_writeback',
        section: '1.15',
        facts: 'Sleeps until WRITEBACK is clear.',
        methods: ['waitOnExtentBufferWriteback'],
      },
      {
        name: 'write_one_eb',
        section: '1.16',
        facts:
          'Clears WRITE_ERR; io_pages; each page: no longer dirty, under writeback, into the bio, unlocked. The bio has no reference.',
        methods: ['writeOneEb'],
      },
      {
        name: 'flush_write_bio',
        section: '1.15',
        facts: 'Submits the bio that was built last.',
        methods: ['submitWriteBio'],
      },
      {
        name: 'end_bio_extent_buffer_writepage',
        section: '1.16',
        facts:
          'Page by page: io_pages dec-and-test; on an error the page is no longer up to date; writeback of the page ends; behind the last one that of the buffer.',
        methods: ['endBioExtentBufferWritepage'],
      },
      {
        name: 'set_btree_ioerr',
        section: '1.16',
        facts: 'The error of the page, then test-and-set of WRITE_ERR; the first one tells the transaction.',
        methods: ['setBtreeIoerr'],
      },
      {
        name: 'end_extent_buffer_writeback',
        section: '1.16',
        facts: 'Clears WRITEBACK, barrier, wakes. From there on the buffer may be gone.',
        methods: ['endExtentBufferWriteback'],
      },
    ]),
    ...inFile('fs/btrfs/disk-io.c', [
      {
        name: 'btrfs_clean_tree_block',
        section: '1.14',
        facts:
          'A block of the running transaction: test-and-clear of DIRTY, then the pages. The caller holds the tree lock.',
        methods: ['btrfsCleanTreeBlock'],
      },
      {
        name: 'verify_parent_transid',
        facts:
          'A transaction id that is not the expected one takes UPTODATE from a buffer that is not under IO.',
        methods: ['verifyParentTransid'],
      },
    ]),
    ...inFile('fs/btrfs/extent-tree.c', [
      {
        name: 'btrfs_init_new_buffer',
        section: '1.6',
        facts:
          'Allocates, perhaps a cached buffer; tree lock; cleans; clears STALE without refs_lock; UPTODATE; fills the header.',
        methods: ['btrfsInitNewBuffer'],
      },
    ]),
    ...inFile('fs/btrfs/locking.c', [
      {
        name: 'btrfs_tree_lock',
        section: '0',
        facts: 'Excludes readers and writers. Spins or sleeps here; the model sleeps.',
        methods: ['btrfsTreeLock'],
      },
      {
        name: 'btrfs_try_tree_write_lock',
        section: '1.15',
        facts: 'The same, unless somebody holds it.',
        methods: ['btrfsTryTreeWriteLock'],
      },
      {
        name: 'btrfs_tree_unlock',
        section: '0',
        facts: 'Lets go of it.',
        methods: ['btrfsTreeUnlock'],
      },
      {
        name: 'btrfs_tree_read_lock',
        section: '0',
        facts: 'Excludes writers.',
        methods: ['btrfsTreeReadLock'],
      },
      {
        name: 'btrfs_tree_read_unlock',
        section: '0',
        facts: 'Lets go of it.',
        methods: ['btrfsTreeReadUnlock'],
      },
    ]),
    ...inFile('mm/filemap.c', [
      {
        name: 'end_page_writeback',
        section: '1.16',
        facts: 'Clears the bit of the page and wakes who waits for it.',
        methods: ['endPageWriteback'],
      },
    ]),
  ],
};
