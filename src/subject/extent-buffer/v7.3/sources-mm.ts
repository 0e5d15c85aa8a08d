/** The functions of the page cache, of reclaim and of umount in the kernels 6.12 to 7.3: see sources.ts. */
import { inFile, type KernelFunction } from '../../../model/kernel-function.ts';

export const cacheFunctions: readonly KernelFunction[] = [
  ...inFile('mm/filemap.c', [
    {
      name: 'filemap_add_folio',
      section: '2.5',
      facts: 'The folio is locked and in the cache with a reference more, or -EEXIST.',
      methods: ['filemapAddFolio'],
    },
    {
      name: 'filemap_get_entry',
      section: '2.5',
      facts:
        'What the cache has at an index, with a reference: under RCU, and looked at again behind the reference.',
      methods: ['filemapGetEntry'],
    },
    {
      name: 'filemap_release_folio',
      section: '2.9',
      facts: 'Not under writeback: asks btree_release_folio. The caller holds the lock of the folio.',
      methods: ['filemapReleaseFolio'],
    },
  ]),
  ...inFile('include/linux/pagemap.h', [
    {
      name: 'filemap_lock_folio',
      section: '2.5',
      facts: 'filemap_get_entry, then the lock of the folio, then whether it is still in the cache.',
      methods: ['filemapLockFolio'],
    },
  ]),
  ...inFile('mm/vmscan.c', [
    {
      name: 'isolate_lru_folios',
      section: '2.9',
      facts: 'Takes a folio off its list with a reference, unless it has none any more.',
      methods: ['isolateFolio'],
    },
    {
      name: 'shrink_folio_list',
      section: '2.9',
      facts:
        'Tries the lock of a folio, has its buffer let go, removes it from the cache and frees it; or leaves it as it is.',
      methods: ['isolateFolio', 'keepLocked', 'freeFolio'],
    },
    {
      name: '__remove_mapping',
      section: '2.9',
      facts:
        'Under the lock of the mapping: freezes the count of the folio at what the cache and reclaim hold, or leaves it; then the folio leaves the cache.',
      methods: ['removeMapping'],
    },
  ]),
  ...inFile('mm/truncate.c', [
    {
      name: 'mapping_evict_folio',
      section: '2.9',
      facts:
        'Only with a count of cache, private and its own; then the buffer is asked to let go, and __remove_mapping.',
      methods: [],
    },
    {
      name: 'invalidate_inode_pages2_range',
      section: '2.18',
      facts: 'Folio after folio, each locked; waits for its writeback; one that stays makes it -EBUSY.',
      methods: ['invalidateInodePages2'],
    },
    {
      name: 'folio_unmap_invalidate',
      was: { '6.12': { name: 'invalidate_complete_folio2' } },
      section: '2.18',
      facts: 'The buffer is asked to let go; the folio leaves the cache unless it is dirty.',
      methods: ['removeFolio'],
    },
  ]),
  ...inFile('fs/btrfs/disk-io.c', [
    {
      name: 'invalidate_and_check_btree_folios',
      section: '2.18',
      facts:
        'What the invalidation left: inc-not-zero, waits for READING, reads refs under refs_lock, reports more than 2 or IO, puts; invalidates again.',
      methods: ['invalidateAndCheckBtreeFolios', 'checkHeldBuffer'],
    },
    {
      name: 'close_ctree',
      section: '2.18',
      facts: 'Invalidates the btree inode, then stops the workers; 7.2 on: waits for reads in between.',
      methods: ['closeCtree'],
    },
    {
      name: 'btrfs_stop_all_workers',
      section: '2.18',
      facts: 'The workqueues are drained and freed: what ends later has none.',
      methods: ['btrfsStopAllWorkers'],
    },
  ]),
  ...inFile('fs/btrfs/bio.c', [
    {
      name: 'btrfs_simple_end_io',
      section: '2.12',
      facts:
        'Of a bio that has ended: its work is queued; up to 6.18 of reads alone, writes end in the interrupt.',
      methods: ['queueEndIo'],
    },
  ]),
];
