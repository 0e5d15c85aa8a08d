import type { Scenario } from '../../../../scenario/scenario.ts';
import type { KernelName } from '../kernel.ts';
import { existsIsAnError } from '../strategies/errors-of-subpage.ts';
import { todayOf } from '../subject.ts';
import { reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { allocator } from './roles.ts';
import { cold, empty } from './starts.ts';

/**
 * Two allocations of one block in the subpage layout, as in subpage-double-detach.ts. Who comes second takes a reference of the buffer in
 * the tree, to return it; if it returns the error of the insertion instead, nobody ever drops that reference.
 *
 * In the normal layout the folio arbitrates before the tree does, so that an insertion meets dying buffers alone. Played on every
 * kernel. No release had the race: the change was mended before it was merged.
 */
export function subpageExistsLeak(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [existsIsAnError],
      sides: [['allocExtentBuffer'], ['isolateFolio']],
      violating: ['exists-is-an-error'],
      isSubpage: true,
    }),
    name: 'subpage-exists-leak',
    summary: 'two allocations of a block that shares its folio: one has to return the buffer of the other',
    origin: 'Linux 09e6cef19c9f, "btrfs: handle existing eb in the radix tree properly"',
    history: {
      year: 2023,
      commit: '09e6cef19c9f',
      title: 'handle existing eb in the radix tree properly',
      symptom: 'an allocation fails with -EEXIST, and the buffer that was there is never released',
      breaks: ['P2'],
    },
    leavesOut: 'other blocks of the folio',
    starts: [
      {
        name: 'cold',
        summary: 'the tree is empty; the folios are in the page cache and belong to nobody',
        actors: [{ role: 'allocator', count: 2 }],
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
    roles: [allocator, reclaim],
    outcomes,
    classify,
    widening: { point: 'alloc:new', ns: 300 },
    pages: 1,
    control: 'exists-is-an-error',
    fix: 'none',
  };
}
