import type { Scenario, StartState } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { breakBeforeUnlock, unlockBeforeBreak, unlockedRcuBreak } from '../strategies/walks-of-subpage.ts';
import { todayOf } from '../subject.ts';
import { migration, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { finder } from './roles.ts';
import { withBuffer } from './starts.ts';
import { inSubpage } from './subpage-starts.ts';

/**
 * The walk of releasepage in the subpage layout ends early where a buffer has one reference and no TREE_REF: it is somebody's then. To
 * come to that takes a releasepage that has taken TREE_REF from a user, and another one before the user repairs it.
 */
type Common = Pick<
  Scenario,
  'leavesOut' | 'starts' | 'roles' | 'outcomes' | 'classify' | 'widening' | 'pages'
>;

/** What the races below have in common. */
function brokenWalk(kernel: KernelName): Common {
  const unread: StartState = {
    name: 'unread',
    summary: 'the buffer is in the tree and was never read, refs 1',
    actors: [
      { role: 'finder', count: 1 },
      { role: 'reclaim', count: 2 },
    ],
    buffers: 1,
    stride: 64,
    reset: inSubpage(withBuffer(kernels[kernel], { state: 'unread' })),
  };
  return {
    leavesOut: 'other blocks of the folio',
    starts: [
      unread,
      {
        ...unread,
        name: 'clean',
        summary: 'the buffer is in the tree and up to date, refs 1',
        reset: inSubpage(withBuffer(kernels[kernel], { state: 'clean' })),
      },
    ],
    roles: [finder, reclaim, migration],
    outcomes,
    classify,
    widening: { point: 'releasepage:checked', ns: 300 },
    pages: 1,
  };
}

/**
 * Played on the kernels with a buffer_tree, in place of whose walk under RCU there is that of 6.16 under the xa_lock. Completions are
 * left out.
 */
export function subpageDoubleUnlock(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [unlockBeforeBreak, breakBeforeUnlock],
      sides: [['findExtentBuffer'], ['isolateFolio']],
      violating: ['unlock-before-break'],
      isSubpage: true,
    }),
    ...brokenWalk(kernel),
    name: 'subpage-double-unlock',
    summary: 'a walk of releasepage ends early, behind the unlock of the xa_lock that follows every walk',
    origin: 'Linux e5b559601177, "btrfs: fix double unlock of buffer_tree xarray when releasing subpage eb"',
    history: {
      year: 2025,
      commit: 'e5b559601177',
      title: 'fix double unlock of buffer_tree xarray when releasing subpage eb',
      symptom: 'the xa_lock is given back twice: it may be that of somebody else by then',
      breaks: ['L1'],
    },
    control: 'unlock-before-break',
    fix: 'break-before-unlock',
  };
}

/** Played on the kernels with a buffer_tree: 6.17 to 6.19 and 7.0 had the race. */
export function subpageRcuBreak(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [unlockedRcuBreak],
      sides: [['findExtentBuffer'], ['isolateFolio']],
      violating: ['unlocked-rcu-break'],
      isSubpage: true,
    }),
    ...brokenWalk(kernel),
    name: 'subpage-rcu-break',
    summary: 'a walk of releasepage ends early, behind the rcu_read_unlock that follows every walk',
    origin: 'Linux b2840e33127c (2026), a missing rcu_read_lock in try_release_subpage_extent_buffer',
    history: {
      year: 2026,
      commit: 'b2840e33127c',
      title: 'rcu_read_lock before a break in try_release_subpage_extent_buffer()',
      symptom: 'an RCU read section is left twice',
      breaks: ['L2'],
    },
    control: 'unlocked-rcu-break',
    fix: 'none',
  };
}
