import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { withoutHandshake } from '../strategies/tree-references.ts';
import { todayOf } from '../subject.ts';
import { classify, outcomes } from './outcomes.ts';
import { deleter, heir, recycler } from './changing-roles.ts';
import { holder, staler } from './roles.ts';
import { withBuffer } from './starts.ts';

/**
 * The race of April 2015 in today's kernels: the block of a STALE buffer is handed out again, while the last path that had the buffer lets
 * go of it. The handshake of find_extent_buffer still is what keeps the two apart.
 */
export function reuseOfStale(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [withoutHandshake],
      sides: [['freeExtentBuffer'], ['btrfsInitNewBuffer']],
      violating: ['without-handshake'],
    }),
    name: 'reuse-of-stale',
    summary: 'the buffer of a deleted block is used again while its last path lets go of it',
    origin: 'Linux 062c19e9dd69, "Btrfs: fix race when reusing stale extent buffers that leads to BUG_ON"',
    history: {
      year: 2015,
      commit: '062c19e9dd69',
      title: 'fix race when reusing stale extent buffers',
      symptom: 'a buffer that was just made dirty is freed',
      breaks: ['N2', 'N8'],
    },
    leavesOut: 'the free space cache, which is a word: whether the block is free',
    starts: [
      {
        name: 'stale',
        summary: 'the block was deleted: its buffer is STALE, and a path has it, refs 2',
        actors: [
          { role: 'holder', count: 1 },
          { role: 'recycler', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        serves: { holder: 1, staler: 0, deleter: 0 },
        reset: withBuffer(kernels[kernel], { state: 'clean', isStale: true, holders: 1 }),
      },
      {
        name: 'freed',
        summary:
          'the block was freed: its buffer has two paths left, one of which lets the tree forget it, refs 3',
        actors: [
          { role: 'holder', count: 1 },
          { role: 'staler', count: 1 },
          { role: 'recycler', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        serves: { holder: 1, staler: 1, deleter: 0 },
        reset: withBuffer(kernels[kernel], { state: 'clean', holders: 2 }),
      },
      {
        name: 'deleting',
        summary: 'the leaf is dirty and about to be deleted: refs 3, those of the tree and of two paths',
        actors: [
          { role: 'holder', count: 1 },
          { role: 'deleter', count: 1 },
          { role: 'heir', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        serves: { holder: 1, staler: 0, deleter: 1 },
        reset: withBuffer(kernels[kernel], { state: 'dirty', holders: 2 }),
      },
    ],
    roles: [holder, staler, recycler, deleter, heir],
    outcomes,
    classify,
    widening: { point: 'under-io:read', ns: 500 },
    pages: 1,
    control: 'without-handshake',
    fix: 'none',
  };
}
