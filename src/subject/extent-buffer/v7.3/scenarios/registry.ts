import type { Scenario } from '../../../../scenario/scenario.ts';
import type { KernelName } from '../kernel.ts';
import { readVsReclaim } from './read-vs-reclaim.ts';
import { subpageDoubleUnlock, subpageRcuBreak } from './subpage-broken-walk.ts';
import { subpageDoubleDetach } from './subpage-double-detach.ts';
import { subpageExistsLeak } from './subpage-exists-leak.ts';
import { subpageXaLockWalk } from './subpage-xa-lock-walk.ts';

/** Races of today's kernels, oldest first. A new one is a file beside this and a line here. */
export const todayScenarios: readonly ((kernel: KernelName) => Scenario)[] = [
  readVsReclaim,
  subpageDoubleDetach,
  subpageExistsLeak,
  subpageDoubleUnlock,
  subpageXaLockWalk,
  subpageRcuBreak,
];
