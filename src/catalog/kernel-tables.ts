import type { KernelTable } from '../model/kernel-function.ts';
import { sourcesOfLife } from '../subject/extent-buffer/life/sources.ts';
import { sourcesOf57 } from '../subject/extent-buffer/v5.7/sources.ts';
import { sourcesOf73 } from '../subject/extent-buffer/v7.3/sources.ts';

/** What each model was written from, the oldest kernel first. */
export const kernelTables: readonly KernelTable[] = [sourcesOf57, sourcesOfLife, sourcesOf73];
