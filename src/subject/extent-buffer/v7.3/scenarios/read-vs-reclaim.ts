import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { readingWithoutRef, withoutFixOf2020 } from '../strategies/references-of-reads.ts';
import { todayOf } from '../subject.ts';
import { endIo, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { finder, readahead } from './roles.ts';
import { cold, empty, withBuffer } from './starts.ts';

/**
 * The race of June 2020 in today's kernels, which were changed in 2023: the bio of a read has a reference of its own, and READING takes
 * the place of the page locks. The reference must come first, or nothing protects a buffer while it is read.
 */
export function readVsReclaim(kernel: KernelName): Scenario {
  const withUnread = withBuffer(kernels[kernel], { state: 'unread' });
  return {
    ...todayOf(kernel, {
      strategies: [readingWithoutRef, withoutFixOf2020],
      sides: [['findExtentBuffer', 'btrfsReadaheadTreeBlock'], ['isolateFolio']],
      violating: ['reading-without-ref'],
    }),
    name: 'read-vs-reclaim',
    summary:
      'the race of June 2020 today: a readahead whose bio has a reference, while reclaim takes a folio',
    origin: 'Linux 113fa05c2f2b and d7172f52e993, "btrfs: use per-buffer locking for extent_buffer reading"',
    history: {
      year: 2023,
      commit: '113fa05c2f2b',
      title: 'remove the io_pages field',
      symptom:
        'READING without a reference of the bio: the buffer is freed while it is read (patches swapped)',
      breaks: ['UAF', 'P2'],
    },
    starts: [
      {
        name: 'unread',
        summary: 'the buffer is in the tree and was never read, refs 1',
        actors: [
          { role: 'finder', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 64,
        reset: withUnread,
      },
      {
        name: 'cold',
        summary: 'the tree is empty; the folios are in the page cache and belong to nobody',
        actors: [
          { role: 'readahead', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 0,
        stride: 64,
        reset: cold,
      },
      {
        name: 'empty',
        summary: 'the tree is empty, and so is the page cache',
        actors: [
          { role: 'readahead', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 0,
        stride: 64,
        reset: empty,
      },
    ],
    roles: [finder, readahead, reclaim, endIo],
    outcomes,
    classify,
    widening: { point: 'read:reading', ns: 300 },
    pages: 1,
    control: 'reading-without-ref',
    fix: 'none',
  };
}
