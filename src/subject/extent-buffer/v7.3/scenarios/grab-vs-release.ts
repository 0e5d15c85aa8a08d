import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { detachLocked, grabUnlocked } from '../strategies/folio-private.ts';
import { todayOf } from '../subject.ts';
import { migration, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { allocator } from './roles.ts';
import { withBuffer } from './starts.ts';

/**
 * The race of June 2024. A buffer goes, which whoever released it through one of its folios has the lock of that one for; the others may be
 * locked by somebody who builds a new buffer for the block. Both take folio private from it, and both drop its reference.
 *
 * The lock of the folio does not keep the two apart, which the first version of the mend believed.
 */
export function grabVsRelease(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [grabUnlocked, detachLocked],
      sides: [['allocExtentBuffer'], ['isolateFolio']],
      violating: ['grab-unlocked', 'detach-locked'],
    }),
    name: 'grab-vs-release',
    summary: 'a new buffer takes a folio from one that is being released through another folio',
    origin: 'Linux f3a5367c679d, "btrfs: protect folio::private when attaching extent buffer folios"',
    history: {
      year: 2024,
      commit: 'f3a5367c679d',
      title: 'protect folio::private when attaching extent buffer folios',
      symptom: 'folio private is detached twice: "Bad page state"',
      breaks: ['P3', 'P1', 'N6', 'UAF', 'WILD'],
    },
    leavesOut:
      'how the buffer came to be unused; the first version of the mend, whose text is not at hand, is played as what it relied on',
    starts: [
      {
        name: 'clean',
        summary: 'the buffer is in the tree and up to date, refs 1',
        actors: [
          { role: 'allocator', count: 1 },
          { role: 'migration', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'clean' }),
      },
    ],
    roles: [allocator, migration, reclaim],
    outcomes,
    classify,
    widening: { point: 'grab:dying', ns: 500 },
    pages: 2,
    control: 'grab-unlocked',
    fix: 'none',
  };
}
