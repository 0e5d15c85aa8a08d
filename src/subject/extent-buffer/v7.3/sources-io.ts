/** The functions that read extent_buffers and write them back, in the kernels 6.12 to 7.3: see sources.ts. */
import { inFile, type KernelFunction } from '../../../model/kernel-function.ts';

export const ioFunctions: readonly KernelFunction[] = [
  ...inFile('fs/btrfs/extent_io.c', [
    {
      name: 'read_extent_buffer',
      facts: 'Copies content out, folio by folio, with no lock of its own.',
      methods: ['readExtentBuffer'],
    },
    {
      name: 'write_extent_buffer',
      facts: 'Copies content in; the caller holds the tree lock.',
      methods: ['writeExtentBuffer'],
    },
    {
      name: 'clear_extent_buffer_reading',
      section: '2.11',
      facts:
        'Clears READING and wakes who waits for it; a release since 6.17, a relaxed clear and a full barrier before.',
      methods: ['clearExtentBufferReading'],
    },
    {
      name: 'read_extent_buffer_pages_nowait',
      section: '2.11',
      facts:
        'UPTODATE (7.1 on: verified again); WRITE_ERR; test-and-set of READING, set already: returns 0; UPTODATE again; check_buffer_tree_ref; a reference for the bio; submits, no folio locked.',
      methods: ['readExtentBufferPagesNowait'],
    },
    {
      name: 'read_extent_buffer_pages',
      section: '2.11',
      facts: 'The same, then waits until READING is clear; not UPTODATE then is -EIO.',
      methods: ['readExtentBufferPages'],
    },
    {
      name: 'end_bbio_meta_read',
      section: '2.12',
      facts:
        'Warns of UPTODATE; verifies with the check of the submitter; sets or clears UPTODATE of the buffer, then of the folios; READING and the reference go, since 7.3 (and 7.2.13) in one section of refs_lock.',
      methods: ['endBbioMetaRead'],
    },
    {
      name: 'set_extent_buffer_uptodate',
      section: '2.12',
      facts: 'The bit of the buffer, then that of each folio.',
      methods: ['setExtentBufferUptodate'],
    },
    {
      name: 'clear_extent_buffer_uptodate',
      section: '2.12',
      facts: 'The bit of the buffer, then that of each folio.',
      methods: ['clearExtentBufferUptodate'],
    },
    {
      name: 'btrfs_readahead_tree_block',
      section: '2.13',
      facts:
        'Allocates; of a buffer that is not up to date a read without waiting; puts its reference at once; an error makes the buffer stale.',
      methods: ['btrfsReadaheadTreeBlock'],
    },
    {
      name: 'set_extent_buffer_dirty',
      section: '2.14',
      facts:
        'check_buffer_tree_ref first, then test-and-set of DIRTY; warns of refs 0 and of TREE_REF clear; if it was clean folios become dirty, without their locks, and the slot is marked (6.12: tags of folios).',
      methods: ['setExtentBufferDirty'],
    },
    {
      name: 'btrfs_clear_buffer_dirty',
      section: '2.15',
      facts:
        'Only of the running transaction; test-and-clear of DIRTY; then the mark of the slot and the folios; warns of refs 0. The caller holds the tree lock.',
      methods: ['btrfsClearBufferDirty'],
    },
    {
      name: 'clear_extent_buffer_dirty',
      section: '2.15',
      facts: 'What btrfs_clear_buffer_dirty does behind its tests; 7.3 has it apart.',
      methods: ['btrfsClearBufferDirty'],
    },
    {
      name: 'buffer_tree_set_mark',
      section: '2.14',
      facts: 'Under xa_lock: the slot is loaded and marked.',
      methods: ['bufferTreeSetMark'],
    },
    {
      name: 'buffer_tree_clear_mark',
      section: '2.15',
      facts: 'Under xa_lock: the slot is loaded and its mark cleared.',
      methods: ['bufferTreeClearMark'],
    },
    {
      name: 'buffer_tree_tag_for_writeback',
      section: '2.16',
      facts: 'Of a sync: under xa_lock every DIRTY mark is copied to TOWRITE.',
      methods: ['bufferTreeTagForWriteback'],
    },
    {
      name: 'find_get_eb',
      section: '2.16',
      facts:
        'Under RCU: the next marked slot, inc-not-zero, the slot once more; another buffer there is put and the walk begins anew.',
      methods: ['bufferTreeGetEbsTag'],
    },
    {
      name: 'buffer_tree_get_ebs_tag',
      section: '2.16',
      facts: 'Up to 31 buffers with a mark, a reference each.',
      methods: ['bufferTreeGetEbsTag'],
    },
    {
      name: 'btree_writepages',
      was: { '6.18': { name: 'btree_write_cache_pages' } },
      section: '2.16',
      facts: 'Marks for a sync; batch after batch: locks for IO, writes, puts. 6.12: goes by dirty folios.',
      methods: ['btreeWritepages'],
    },
    {
      name: 'submit_eb_page',
      section: '2.16',
      facts:
        'Of a dirty folio: under private_lock the flag again, the pointer, inc-not-zero; locks for IO, writes, puts.',
      methods: ['bufferOfFolio'],
    },
    {
      name: 'lock_extent_buffer_for_io',
      section: '2.16',
      facts:
        'Tree lock; waits for WRITEBACK if it must; under refs_lock, nobody inhibiting, DIRTY to WRITEBACK; then under xa_lock the marks (6.12: none, 6.18 on: TOWRITE is cleared, too).',
      methods: ['lockExtentBufferForIo'],
    },
    {
      name: 'write_one_eb',
      section: '2.16',
      facts:
        'Each folio: its lock, no longer dirty, under writeback, into the bio, unlocked. The bio has no reference.',
      methods: ['writeOneEb'],
    },
    {
      name: 'prepare_eb_write',
      section: '2.16',
      facts: 'Clears WRITE_ERR and zeroes what no item uses.',
      methods: [],
    },
    {
      name: 'end_bbio_meta_write',
      section: '2.16',
      facts:
        'An error: WRITE_ERR, UPTODATE of the buffer alone goes; writeback of each folio ends; mark WRITEBACK (none in 6.12), then the bit, and who waits wakes. From there on the buffer may be gone.',
      methods: ['endBbioMetaWrite'],
    },
    {
      name: 'set_btree_ioerr',
      section: '2.16',
      facts: 'test-and-set of WRITE_ERR; the first error tells the transaction.',
      methods: ['setBtreeIoerr'],
    },
    {
      name: 'btrfs_btree_wait_writeback_range',
      section: '2.16',
      facts: 'Of a commit: finds buffers by the mark WRITEBACK, waits for the bit.',
      methods: [],
    },
  ]),
  ...inFile('fs/btrfs/extent_io.h', [
    {
      name: 'extent_buffer_uptodate',
      section: '2.11',
      facts: 'UPTODATE, a relaxed load.',
      methods: ['extentBufferUptodate'],
    },
    {
      name: 'btrfs_clear_folio_dirty_tag',
      was: {
        '6.12': { file: 'fs/btrfs/extent_io.c', name: 'btree_clear_folio_dirty' },
        '6.18': { file: 'fs/btrfs/extent_io.c', name: 'btree_clear_folio_dirty_tag' },
      },
      section: '2.15',
      facts:
        'Clears the dirty tag of a folio in the cache under the lock of the mapping. 6.12: the bit of the folio, too.',
      methods: [],
    },
    {
      name: 'wait_on_extent_buffer_writeback',
      section: '2.16',
      facts: 'Sleeps until WRITEBACK is clear.',
      methods: ['waitOnExtentBufferWriteback'],
    },
  ]),
  ...inFile('fs/btrfs/disk-io.c', [
    {
      name: 'btrfs_buffer_uptodate',
      section: '2.13',
      facts:
        'UPTODATE; the generation in the header without a lock; equal: verified (7.1 on); different: UPTODATE goes, of the buffer and the folios. 6.12 and 6.18: asked not to sleep it gives up first.',
      methods: ['btrfsBufferUptodate'],
    },
    {
      name: 'btrfs_validate_extent_buffer',
      section: '2.12',
      facts:
        'Header, file system, checksum, level, generation, key, owner, then the items: as the submitter expects them.',
      methods: ['btrfsValidateExtentBuffer'],
    },
    {
      name: 'btrfs_read_extent_buffer',
      section: '2.11',
      facts: 'Reads copy after copy until one is good.',
      methods: ['btrfsReadExtentBuffer'],
    },
    {
      name: 'read_tree_block',
      section: '2.13',
      facts: 'Allocates, reads all copies and waits; an error makes the buffer stale.',
      methods: ['readTreeBlock'],
    },
    {
      name: 'btrfs_mark_buffer_dirty',
      section: '2.14',
      facts: 'Asserts the tree lock; set_extent_buffer_dirty.',
      methods: [],
    },
  ]),
  ...inFile('fs/btrfs/ctree.c', [
    {
      name: 'read_block_for_search',
      section: '2.13',
      facts:
        'Finds the buffer; up to date: used (6.12 and 6.18: once level and first key are right); else reads, the tree read lock held (6.18 on), and looks again.',
      methods: ['readBlockForSearch'],
    },
  ]),
  ...inFile('fs/btrfs/tree-checker.c', [
    {
      name: 'btrfs_verify_level_key',
      section: '2.11',
      facts: 'Level and first key against what the caller expects; reads content without a lock.',
      methods: ['btrfsVerifyLevelKey'],
    },
  ]),
  ...inFile('fs/btrfs/locking.c', [
    {
      name: 'btrfs_tree_lock_nested',
      section: '2.16',
      facts: 'Write side of the sleeping lock of the buffer.',
      methods: ['btrfsTreeLock'],
    },
    {
      name: 'btrfs_tree_unlock',
      section: '2.16',
      facts: 'Lets go of it.',
      methods: ['btrfsTreeUnlock'],
    },
    {
      name: 'btrfs_tree_read_lock_nested',
      section: '2.13',
      facts: 'Read side of the same lock.',
      methods: ['btrfsTreeReadLock'],
    },
    {
      name: 'btrfs_tree_read_unlock',
      section: '2.13',
      facts: 'Lets go of it.',
      methods: ['btrfsTreeReadUnlock'],
    },
  ]),
];
