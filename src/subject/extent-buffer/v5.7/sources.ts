/**
 * The functions of the kernel that the model of v5.7 was written from, with what it takes from each. Sections are those of kernel.md.
 */
import { inFile, type KernelTable } from '../../../model/kernel-function.ts';
import { readings } from './readings.ts';

/** Of `ExtentBufferModel`. */
export const sourcesOf57: KernelTable = {
  generation: 'v5.7',
  notes: 'kernel.md',
  model: 'ExtentBufferModel',
  readings,
  functions: [
    ...inFile('fs/btrfs/extent_io.c', [
      {
        name: 'extent_buffer_under_io',
        section: '1.1',
        facts:
          'Three relaxed loads, io_pages, WRITEBACK, DIRTY; the first that is set ends it. Takes no lock.',
        methods: ['extentBufferUnderIo'],
      },
      {
        name: 'check_buffer_tree_ref',
        section: '1.2',
        facts:
          'refs of 2 or more and TREE_REF set: returns without a lock. Else under refs_lock: sets TREE_REF, and raises refs if it was clear.',
        methods: ['checkBufferTreeRef'],
      },
      {
        name: 'mark_extent_buffer_accessed',
        section: '1.3',
        facts: 'check_buffer_tree_ref, then every page but the one that its finder has marked.',
        methods: ['markExtentBufferAccessed'],
      },
      {
        name: 'find_extent_buffer',
        section: '1.4',
        facts:
          'Slot and inc-not-zero of refs under RCU; then STALE, which if set is followed by an empty section of refs_lock; then marks accessed.',
        methods: ['findExtentBuffer'],
      },
      {
        name: '__alloc_extent_buffer',
        section: '1.5',
        facts: 'A zeroed buffer with refs 1 and io_pages 0, seen by nobody else.',
        methods: ['allocExtentBuffer'],
      },
      {
        name: 'alloc_extent_buffer',
        section: '1.5',
        facts:
          'Finds, or builds: each page locked and attached under private_lock, or the live buffer of a page is taken (no STALE handshake); insertion; check_buffer_tree_ref; IN_TREE; all pages unlocked at the end.',
        methods: ['allocExtentBuffer', 'attachExtentBufferPage', 'radixTreeInsert', 'freeNewBuffer'],
      },
      {
        name: 'attach_extent_buffer_page',
        section: '1.5',
        facts:
          'The flag, a page reference, the pointer; with the flag set already it warns unless the pointer is the same.',
        methods: ['attachExtentBufferPage'],
      },
      {
        name: 'free_extent_buffer',
        section: '1.7',
        facts:
          'Above refs 3 a cmpxchg without a lock; else refs_lock: with refs 2, STALE, no IO and TREE_REF cleared the reference of the tree goes, too; then release_extent_buffer.',
        methods: ['freeExtentBuffer'],
      },
      {
        name: 'free_extent_buffer_stale',
        section: '1.7',
        facts: 'refs_lock; sets STALE; then as free_extent_buffer does there.',
        methods: ['freeExtentBufferStale'],
      },
      {
        name: 'release_extent_buffer',
        section: '1.8',
        facts:
          'Warns of refs 0; dec-and-test; at zero clears IN_TREE, drops refs_lock, deletes by index under buffer_lock, releases pages, frees behind RCU.',
        methods: ['releaseExtentBuffer'],
      },
      {
        name: 'btrfs_release_extent_buffer_pages',
        section: '1.9',
        facts:
          'BUG_ON under IO. Each page: under private_lock, if the pointer is its own, BUG_ON of dirt and writeback, then flag, pointer and reference go; the page reference of the allocation goes in any case.',
        methods: ['btrfsReleaseExtentBufferPages'],
      },
      {
        name: 'btrfs_release_extent_buffer',
        section: '1.5',
        facts: 'Releases the pages and frees at once: of a buffer that was in no tree.',
        methods: ['btrfsReleaseExtentBuffer'],
      },
      {
        name: 'try_release_extent_buffer',
        section: '1.10',
        facts:
          'private_lock, then refs_lock; refuses unless refs is 1 and no IO is seen; private_lock goes; clears TREE_REF, refuses if it was clear; releases. Not atomic against inc-not-zero.',
        methods: ['tryReleaseExtentBuffer', 'releaseChecked'],
      },
      {
        name: 'read_extent_buffer_pages',
        section: '1.11',
        facts:
          'UPTODATE; all page locks, tried only where it must not wait; counts pages; clears READ_ERR; sets io_pages; one bio; waits for the pages if asked to. No check of TREE_REF: what the fix of 2020 adds behind io_pages.',
        methods: [
          'readExtentBufferPages',
          'lockExtentBufferPages',
          'setIoPages',
          'submitReads',
          'waitForPages',
        ],
      },
      {
        name: 'submit_one_bio',
        section: '1.11',
        facts: 'Hands the bio to the block layer; its pages stay locked.',
        methods: ['submitOneBio'],
      },
      {
        name: 'end_bio_extent_readpage',
        section: '1.12',
        facts:
          'Page by page: the hook; on an error the pointer of the page once more, without a reference: READ_ERR, io_pages less one; then the bits of the page and its lock.',
        methods: ['endBioExtentReadpage', 'btreeReadpageFailed'],
      },
    ]),
    ...inFile('fs/btrfs/disk-io.c', [
      {
        name: 'btree_releasepage',
        section: '1.10',
        facts: 'Refuses a page that is under writeback or dirty; its caller holds the lock of this one page.',
        methods: ['btreeReleasepage'],
      },
      {
        name: 'btree_readpage_end_io_hook',
        section: '1.12',
        facts:
          'A plain raise of refs; io_pages dec-and-test; the last page verifies, sets UPTODATE or gives io_pages back and clears it; puts the reference. A page without a buffer passes unverified.',
        methods: ['btreeReadpageEndIoHook', 'finishRead'],
      },
      {
        name: 'readahead_tree_block',
        section: '1.17',
        facts:
          'Allocates, reads without waiting, puts its reference at once; an error makes the buffer stale.',
        methods: ['readaheadTreeBlock'],
      },
      {
        name: 'read_tree_block',
        section: '1.17',
        facts: 'Allocates, reads and waits; an error makes the buffer stale.',
        methods: ['readTreeBlock'],
      },
      {
        name: 'btree_read_extent_buffer_pages',
        section: '1.17',
        facts: 'Reads copy after copy until one is good.',
        methods: ['btreeReadExtentBufferPages'],
      },
    ]),
    ...inFile('include/linux/pagemap.h', [
      {
        name: 'find_or_create_page',
        section: '1.5',
        facts: 'The page with its lock and a reference.',
        methods: ['findOrCreatePage'],
      },
    ]),
    ...inFile('mm/filemap.c', [
      {
        name: 'pagecache_get_page',
        section: '1.5',
        facts: 'What find_or_create_page asks: reference first, lock behind it, marked as accessed.',
        methods: ['findOrCreatePage'],
      },
    ]),
  ],
};
