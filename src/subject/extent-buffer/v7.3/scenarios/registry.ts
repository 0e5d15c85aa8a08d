import { onKernels } from '../../../../scenario/kernels.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';
import { DEFAULT_KERNEL, kernelNames } from '../kernel.ts';
import { doubleRead } from './double-read.ts';
import { dyingFolio } from './dying-folio.ts';
import { grabVsRelease } from './grab-vs-release.ts';
import { readVsReclaim } from './read-vs-reclaim.ts';
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

/** Races of today's kernels, oldest first. A new one is a file beside this and a line here. */
export const todayScenarios: readonly Scenario[] = [
  readVsReclaim,
  doubleRead,
  grabVsRelease,
  zonedDoublePut,
  towriteMark,
  dyingFolio,
  twoChecks,
  umountVsRead,
  umountCheck,
  unverifiedWait,
  subpageDoubleDetach,
  subpageExistsLeak,
  subpageDoubleUnlock,
  subpageXaLockWalk,
  subpageRcuBreak,
].map((on) => onKernels({ names: kernelNames, default: DEFAULT_KERNEL }, on));
