import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { grabWaits } from '../strategies/folio-private.ts';
import { todayOf } from '../subject.ts';
import { migration, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { allocator, dyingPut, staler } from './roles.ts';
import { withBuffer } from './starts.ts';

/**
 * What 3649833a58b6 has opened (6.16), in 7.3.4. A buffer has no reference of its folios any more: what it has left is folio private,
 * which somebody who builds a new buffer for the block takes from a dying one. Whoever drops the last reference of a STALE buffer holds no lock
 * of a folio; behind the deletion from the tree it comes to `folio->mapping`. If a new buffer was built in between, released by reclaim, and
 * its folio freed, that is a look at freed memory.
 *
 * Kernels whose buffers own their folios (up to 6.15) do not have it. The one who drops the reference must stall for that long, between two instructions where it can be preempted.
 */
export function dyingFolio(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [grabWaits],
      sides: [['freeExtentBufferStale', 'releaseDying'], ['allocExtentBuffer']],
      violating: kernels[kernel].ownsFolios ? [] : ['none'],
    }),
    name: 'dying-folio',
    summary: 'a buffer comes to its folio when that was given to a new buffer, and freed with it',
    origin:
      'Linux v7.3.4, detach_extent_buffer_folio: found by a search, not mended there; since 3649833a58b6 (6.16)',
    history: {
      year: 2025,
      commit: null,
      title: 'folios without a reference of their buffer (open in 7.3.4)',
      symptom: 'a dying buffer looks at a folio that was freed',
      breaks: ['P1'],
    },
    leavesOut: 'what else the memory of a folio may be used for: a freed one is used for this block only',
    starts: [
      {
        name: 'stale',
        summary: 'the block was freed: its buffer has one path left, refs 2',
        actors: [
          { role: 'staler', count: 1 },
          { role: 'allocator', count: 1 },
          { role: 'reclaim', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        serves: { staler: 1, 'dying-put': 0 },
        reset: withBuffer(kernels[kernel], { state: 'clean', holders: 1 }),
      },
      {
        name: 'dying',
        summary: 'the last reference of the buffer is gone; it still is in the tree',
        actors: [
          { role: 'dying-put', count: 1 },
          { role: 'allocator', count: 1 },
          { role: 'reclaim', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        serves: { 'dying-put': 1, staler: 0 },
        reset: withBuffer(kernels[kernel], { state: 'dying' }),
      },
    ],
    roles: [staler, dyingPut, allocator, reclaim, migration],
    outcomes,
    classify,
    widening: { point: 'release:deleted', ns: 20_000 },
    pages: 1,
    control: 'none',
    fix: 'grab-waits',
  };
}
