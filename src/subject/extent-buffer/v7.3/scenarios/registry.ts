import type { Scenario } from '../../../../scenario/scenario.ts';
import type { KernelName } from '../kernel.ts';
import { readVsReclaim } from './read-vs-reclaim.ts';

/** Races of today's kernels, oldest first. A new one is a file beside this and a line here. */
export const todayScenarios: readonly ((kernel: KernelName) => Scenario)[] = [readVsReclaim];
