/**
 * The functions of the kernels 6.12 to 7.3 that the model was written from, with what it takes from each; those of reads and writes stand
 * in sources-io.ts, those of the page cache and of umount in sources-mm.ts. Sections are those of kernel-7.3.md, names and files those of 7.3.
 */
import { inFile, type KernelFunction, type KernelTable } from '../../../model/kernel-function.ts';
import { readings } from './readings.ts';
import { ioFunctions } from './sources-io.ts';
import { cacheFunctions } from './sources-mm.ts';

const lifetimeFunctions: readonly KernelFunction[] = [
  ...inFile('fs/btrfs/extent_io.h', [
    {
      name: 'extent_buffer_under_io',
      was: { '6.12': { file: 'fs/btrfs/extent_io.c' }, '6.18': { file: 'fs/btrfs/extent_io.c' } },
      section: '2.1',
      facts:
        'WRITEBACK, then DIRTY; the first that is set ends it. READING is not asked: a read has a reference of its own.',
      methods: ['extentBufferUnderIo'],
    },
  ]),
  ...inFile('fs/btrfs/extent_io.c', [
    {
      name: 'check_buffer_tree_ref',
      section: '2.2',
      facts:
        'refs of 2 or more and TREE_REF set: returns without a lock. Else under refs_lock: sets TREE_REF, and raises refs if it was clear. 6.12: refs is an atomic_t.',
      methods: ['checkBufferTreeRef'],
    },
    {
      name: 'mark_extent_buffer_accessed',
      section: '2.2',
      facts: 'check_buffer_tree_ref, then every folio. Only find_extent_buffer calls it.',
      methods: ['markExtentBufferAccessed'],
    },
    {
      name: 'find_extent_buffer_nolock',
      section: '2.3',
      facts:
        'Slot and inc-not-zero of refs under RCU; the start of what is found is not compared. 6.12: a radix tree, by sector.',
      methods: ['findExtentBufferNolock'],
    },
    {
      name: 'find_extent_buffer',
      section: '2.3',
      facts:
        'Behind the reference STALE, which if set is followed by an empty section of refs_lock; then marks accessed.',
      methods: ['findExtentBuffer'],
    },
    {
      name: 'init_extent_buffer',
      was: {
        '6.12': { name: '__alloc_extent_buffer' },
        '6.18': { name: '__alloc_extent_buffer' },
        '7.2': { name: '__alloc_extent_buffer' },
      },
      section: '2.4',
      facts: 'refs 1, no inhibitors of writeback, seen by nobody else. Before 7.3 it allocates as well.',
      methods: ['initExtentBuffer'],
    },
    {
      name: 'btrfs_init_eb_prealloc',
      section: '2.4',
      facts: 'All memory of a new buffer before any lock; readahead does not wait for it, and gives up.',
      methods: [],
    },
    {
      name: 'alloc_extent_buffer',
      section: '2.5',
      facts:
        'Finds, or builds: folios one by one, each stays locked; all up to date: UPTODATE; cmpxchg of the slot, a dying owner is tried again without pause, a live one is taken without handshake; check_buffer_tree_ref; unlocks and puts each folio. 6.12: insertion by index, look-up by find_extent_buffer, folios are kept.',
      methods: ['allocExtentBuffer'],
    },
    {
      name: 'attach_eb_folio_to_filemap',
      section: '2.5',
      facts:
        'Adds its own folio to the cache, or locks the one that is there; under private_lock grabs the owner of that one or attaches. Returns with the folio locked, or with the buffer that was found.',
      methods: ['attachEbFolioToFilemap'],
    },
    {
      name: 'grab_extent_buffer',
      section: '2.5',
      facts:
        'Under private_lock: inc-not-zero of the owner of the folio, with no test of STALE and no check_buffer_tree_ref; of a dying one it detaches the folio, and warns of dirt.',
      methods: ['grabExtentBuffer'],
    },
    {
      name: 'attach_extent_buffer_folio',
      section: '2.5',
      facts:
        'Under private_lock: pointer, flag and a folio reference; with the flag set already it warns unless the pointer is the same.',
      methods: ['attachExtentBufferFolio'],
    },
    {
      name: 'free_extent_buffer',
      section: '2.6',
      facts:
        'Above refs 3 a try_cmpxchg without a lock; else refs_lock: with refs 2, STALE, no IO and TREE_REF cleared the reference of the tree goes, too; then release_extent_buffer. 7.2 on: the body is free_extent_buffer_clear_reading.',
      methods: ['freeExtentBuffer'],
    },
    {
      name: 'free_extent_buffer_clear_reading',
      section: '2.6',
      facts:
        'The same; of a read that ends, READING is cleared under refs_lock, which is kept until the reference is dropped.',
      methods: ['freeExtentBufferClearReading'],
    },
    {
      name: 'free_extent_buffer_stale',
      section: '2.7',
      facts:
        'refs_lock; sets STALE; then as free_extent_buffer does there. No barrier between the bit and the count.',
      methods: ['freeExtentBufferStale'],
    },
    {
      name: 'release_extent_buffer',
      section: '2.8',
      facts:
        'dec-and-test under refs_lock; at zero the lock goes, the slot is cleared if it still holds this buffer, folios are detached, memory is freed behind RCU. 6.12: IN_TREE under refs_lock, deletion by index.',
      methods: ['releaseExtentBuffer'],
    },
    {
      name: 'btrfs_release_extent_buffer',
      section: '2.5',
      facts:
        'Detaches the folios and frees at once: of a buffer that was in no tree. 7.3: alloc_extent_buffer does not call it.',
      methods: [],
    },
    {
      name: 'btrfs_release_extent_buffer_folios',
      was: { '6.12': { name: 'btrfs_release_extent_buffer_pages' } },
      section: '2.10',
      facts:
        'Not under IO; each folio is detached. 6.12: one more put, of the reference that the buffer owns.',
      methods: ['btrfsReleaseExtentBufferFolios'],
    },
    {
      name: 'detach_extent_buffer_folio',
      section: '2.10',
      facts:
        'folio->mapping without a lock or a reference; under its private_lock, if the private pointer is its own, BUG_ON of dirt and writeback, then the folio is detached and its reference dropped.',
      methods: ['detachExtentBufferFolio'],
    },
    {
      name: 'try_release_extent_buffer',
      section: '2.9',
      facts:
        'private_lock, then refs_lock; refuses unless refs is 1 and no IO is seen; private_lock goes; clears TREE_REF, refuses if it was clear; releases. Not atomic against inc-not-zero.',
      methods: ['tryReleaseExtentBuffer'],
    },
    {
      name: 'btrfs_inhibit_eb_writeback',
      section: '2.17',
      facts: 'A reference and an inhibitor of writeback, until the handle of the transaction ends.',
      methods: ['btrfsInhibitEbWriteback'],
    },
    {
      name: 'btrfs_uninhibit_all_eb_writeback',
      section: '2.17',
      facts: 'Gives both back for each buffer of the handle.',
      methods: ['btrfsUninhibitEbWriteback'],
    },
  ]),
  ...inFile('fs/btrfs/disk-io.c', [
    {
      name: 'btree_release_folio',
      section: '2.9',
      facts: 'Refuses a folio that is under writeback or dirty; its caller holds the lock of this one folio.',
      methods: ['btreeReleaseFolio'],
    },
    {
      name: 'btree_migrate_folio',
      section: '2.9',
      facts: 'A dirty folio stays; one with a buffer goes only if that can be released.',
      methods: [],
    },
  ]),
  ...inFile('fs/btrfs/extent-tree.c', [
    {
      name: 'btrfs_init_new_buffer',
      section: '2.17',
      facts:
        'Allocates, perhaps a cached buffer; generation before the tree lock; tree lock; cleans; clears STALE without refs_lock; UPTODATE; fills the header. Does not wait for READING.',
      methods: ['btrfsInitNewBuffer'],
    },
  ]),
];

/** Of the model of current kernels. */
export const sourcesOf73: KernelTable = {
  generation: 'v7.3',
  notes: 'kernel-7.3.md',
  model: 'ExtentBuffer',
  withoutFunction: {
    extentBufferGet: 'whoever keeps a buffer raises refs itself',
    folio: 'the folio of an index, which takes no step',
  },
  readings,
  functions: [...lifetimeFunctions, ...ioFunctions, ...cacheFunctions],
};
