import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { rcuWalk, xaLockWalk, xaLockWalkInTask } from '../strategies/walks-of-subpage.ts';
import { todayOf } from '../subject.ts';
import { endIo, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { writer } from './changing-roles.ts';
import { finder, holder } from './roles.ts';
import { withBuffer } from './starts.ts';
import { inSubpage } from './subpage-starts.ts';

/**
 * Two locks in both orders: releasepage walks over the buffers of a folio under the xa_lock and takes their refs_locks, and whoever has a
 * refs_lock is interrupted by a write that has ended and wants the xa_lock, to clear the mark. That the folio was looked at for
 * writeback before does not help: the completion clears that bit first.
 *
 * Played on the kernels with a buffer_tree, the oldest of which, 6.16, had the race. Strategies of 6.16 to 6.18 have interrupts (see walks-of-subpage.ts), the kernel as it is has none: its writes complete in tasks, as they do since
 * 7.1. That the xa_lock is taken with interrupts off is left out, as every interrupt that no actor plays.
 */
export function subpageXaLockWalk(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [xaLockWalk, rcuWalk, xaLockWalkInTask],
      sides: [['btreeWritepages', 'freeExtentBuffer'], ['isolateFolio']],
      violating: ['xa-lock-walk'],
      isSubpage: true,
    }),
    name: 'subpage-xa-lock-walk',
    summary: 'releasepage comes to the block by the tree, while a put is interrupted by the end of its write',
    origin: 'Linux ad580dfa388f, "btrfs: fix subpage deadlock in try_release_subpage_extent_buffer()"',
    history: {
      year: 2025,
      commit: 'ad580dfa388f',
      title: 'fix subpage deadlock in try_release_subpage_extent_buffer()',
      symptom: 'two processors spin for ever: one with the xa_lock, one with a refs_lock',
      breaks: ['deadlock'],
    },
    leavesOut:
      'other blocks of the folio: the write that ends is one of the block whose reference is dropped',
    starts: [
      {
        name: 'dirty',
        summary: 'the buffer is in the tree and dirty, refs 1',
        actors: [
          { role: 'writer', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 64,
        serves: { holder: 0 },
        reset: inSubpage(withBuffer(kernels[kernel], { state: 'dirty' })),
      },
      {
        name: 'writing',
        summary: 'the buffer is under writeback, refs 2: those of the tree and of one path',
        actors: [
          { role: 'holder', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 64,
        serves: { holder: 1 },
        reset: inSubpage(withBuffer(kernels[kernel], { state: 'writing', holders: 1 })),
      },
    ],
    roles: [writer, holder, finder, reclaim, endIo],
    outcomes,
    classify,
    widening: { point: 'end-io:written', ns: 300 },
    pages: 1,
    control: 'xa-lock-walk',
    fix: 'rcu-walk',
  };
}
