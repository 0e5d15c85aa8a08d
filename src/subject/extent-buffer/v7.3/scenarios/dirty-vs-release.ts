import type { Scenario, StartState } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { lockedCheck } from '../strategies/tree-references.ts';
import { todayOf } from '../subject.ts';
import { endIo, migration, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { inhibitor, recycler, syncWriter, writer } from './changing-roles.ts';
import { cold, withBuffer } from './starts.ts';

/** Nobody releases anything: a handle keeps writeback from what it has changed, but for that of a commit. */
const INHIBITED: StartState = {
  name: 'inhibited',
  summary: 'the tree is empty; the folios are in the page cache and belong to nobody',
  actors: [
    { role: 'inhibitor', count: 1 },
    { role: 'writer', count: 1 },
    { role: 'end-io', count: 1 },
  ],
  buffers: 0,
  stride: 64,
  reset: cold,
};

/**
 * The race of July 2012 in today's kernels. Reclaim has decided under the refs_lock that nobody uses the buffer; somebody takes a reference,
 * sees TREE_REF twice without the lock, as check_buffer_tree_ref does since 2013, and makes the buffer dirty; then reclaim takes
 * TREE_REF. What is left is the reference of the one who has changed the buffer, and its put releases what is dirty.
 *
 * Reclaim must stall for that long between two instructions, with a spin lock held: the host of a virtual machine can do that.
 */
export function dirtyVsRelease(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [lockedCheck],
      sides: [['btrfsInitNewBuffer'], ['isolateFolio']],
      violating: ['none'],
    }),
    name: 'dirty-vs-release',
    summary: 'the cached buffer of a block that is used again is changed while reclaim releases it',
    origin:
      'Linux v7.3.4, check_buffer_tree_ref: as in 2012 (594831c4b232), since 242e18c7c1a8 (2013); found by a search, not mended there',
    history: {
      year: 2013,
      commit: null,
      title: 'TREE_REF is looked at without the lock (open in 7.3.4)',
      symptom: 'a buffer that was just made dirty is freed',
      breaks: ['N2', 'N8'],
    },
    leavesOut: 'the transaction, and the readahead that has brought the free block into the cache',
    starts: [
      {
        name: 'clean',
        summary: 'the buffer is in the tree, up to date and clean, refs 1',
        actors: [
          { role: 'recycler', count: 1 },
          { role: 'reclaim', count: 1 },
        ],
        buffers: 1,
        stride: 64,
        reset: withBuffer(kernels[kernel], { state: 'clean' }),
      },
      ...(kernels[kernel].hasInhibitors ? [INHIBITED] : []),
    ],
    roles: [recycler, inhibitor, writer, syncWriter, reclaim, migration, endIo],
    outcomes,
    classify,
    widening: { point: 'releasepage:checked', ns: 500 },
    pages: 1,
    control: 'none',
    fix: 'locked-check-today',
  };
}
