import { onKernels } from '../../../../scenario/kernels.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';
import { DEFAULT_KERNEL, type KernelName, kernelNames, kernels } from '../kernel.ts';
import { doubleRead } from './double-read.ts';
import { dirtyVsRelease } from './dirty-vs-release.ts';
import { dyingFolio } from './dying-folio.ts';
import { grabVsRelease } from './grab-vs-release.ts';
import { oldPointer } from './old-pointer.ts';
import { readVsReclaim } from './read-vs-reclaim.ts';
import { reuseOfStale } from './reuse-of-stale.ts';
import { towriteMark } from './towrite-mark.ts';
import { twoChecks } from './two-checks.ts';
import { umountCheck } from './umount-check.ts';
import { umountVsRead } from './umount-vs-read.ts';
import { unverifiedWait } from './unverified-wait.ts';
import { zonedDoublePut } from './zoned-double-put.ts';
import { subpageDoubleUnlock, subpageRcuBreak } from './subpage-broken-walk.ts';
import { subpageDoubleDetach } from './subpage-double-detach.ts';
import { subpageExistsLeak } from './subpage-exists-leak.ts';
import { subpageXaLockWalk } from './subpage-xa-lock-walk.ts';

/** A race as all kernels have it that `has` says. */
function on(
  scenario: (kernel: KernelName) => Scenario,
  has: (kernel: KernelName) => boolean = () => true,
): Scenario {
  return onKernels({ names: kernelNames.filter(has), default: DEFAULT_KERNEL }, scenario);
}

/** Races of today's kernels, oldest first. A new one is a file beside this and a line here. */
export const todayScenarios: readonly Scenario[] = [
  on(dirtyVsRelease),
  on(reuseOfStale),
  on(readVsReclaim),
  on(subpageDoubleDetach),
  on(subpageExistsLeak),
  on(doubleRead),
  on(grabVsRelease),
  on(zonedDoublePut),
  on(towriteMark, (kernel) => kernels[kernel].hasMarks),
  on(dyingFolio),
  on(subpageDoubleUnlock),
  on(subpageXaLockWalk),
  on(twoChecks),
  on(umountVsRead),
  on(umountCheck),
  on(unverifiedWait),
  on(oldPointer, (kernel) => kernels[kernel].alwaysClearsUptodate),
  on(subpageRcuBreak),
];
