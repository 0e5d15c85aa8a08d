import type { Scenario } from '../../../../scenario/scenario.ts';
import type { KernelName } from '../kernel.ts';
import { doubleDetach } from '../strategies/errors-of-subpage.ts';
import { todayOf } from '../subject.ts';
import { endIo, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { allocator, readahead } from './roles.ts';
import { cold, empty } from './starts.ts';

/**
 * Two allocations of one block in the subpage layout. Who comes second has attached its own buffer to the folio, finds the other one in
 * the tree and gives its own up, whose folios it must detach once: what it detaches beyond that is the other one's. Its state is gone
 * then, with the buffer alive.
 *
 * Played on every kernel. No release had the race: the change was mended before it was merged.
 */
export function subpageDoubleDetach(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [doubleDetach],
      sides: [['allocExtentBuffer'], ['btrfsReadaheadTreeBlock', 'isolateFolio']],
      violating: ['double-detach'],
      isSubpage: true,
    }),
    name: 'subpage-double-detach',
    summary: 'two allocations of a block that shares its folio: one has to give its buffer up',
    origin: 'Linux 09e6cef19c9f, "btrfs: don\'t double put our subpage reference in alloc_extent_buffer"',
    history: {
      year: 2023,
      commit: '09e6cef19c9f',
      title: "don't double put our subpage reference in alloc_extent_buffer",
      symptom: 'panics in btrfs/187: the state of a folio is freed under a buffer that is alive',
      breaks: ['N15', 'P3'],
    },
    leavesOut: 'other blocks of the folio',
    starts: [
      {
        name: 'cold',
        summary: 'the tree is empty; the folios are in the page cache and belong to nobody',
        actors: [
          { role: 'allocator', count: 1 },
          { role: 'readahead', count: 1 },
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
          { role: 'allocator', count: 2 },
          { role: 'reclaim', count: 1 },
        ],
        buffers: 0,
        stride: 64,
        reset: empty,
      },
    ],
    roles: [allocator, readahead, reclaim, endIo],
    outcomes,
    classify,
    widening: { point: 'alloc:new', ns: 300 },
    pages: 1,
    control: 'double-detach',
    fix: 'none',
  };
}
