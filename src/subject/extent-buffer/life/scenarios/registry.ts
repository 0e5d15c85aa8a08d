import type { Scenario } from '../../../../scenario/scenario.ts';
import { countedBeforeLocked } from './counted-before-locked.ts';
import { dirtyVsReleasepage } from './dirty-vs-releasepage.ts';
import { dyingBuffer } from './dying-buffer.ts';
import { failedFlush } from './failed-flush.ts';
import { lastPuts } from './last-puts.ts';
import { pageOutsideBio } from './page-outside-bio.ts';
import { privateOfNewBuffer } from './private-of-new-buffer.ts';
import { staleReadOverDirty } from './stale-read-over-dirty.ts';
import { staleReuseByPage } from './stale-reuse-by-page.ts';
import { staleReuse } from './stale-reuse.ts';
import { writeErrorVsRead } from './write-error-vs-read.ts';
import { writebackGap } from './writeback-gap.ts';
import { writebackPrivate } from './writeback-private.ts';
import { writebackVsReleasepage } from './writeback-vs-releasepage.ts';

/** Races of other years, oldest first, and what was thought to be one. A new one is a file beside this and a line here. */
export const lifeScenarios: readonly Scenario[] = [
  privateOfNewBuffer,
  dyingBuffer,
  dirtyVsReleasepage,
  writebackGap,
  writebackPrivate,
  lastPuts,
  staleReadOverDirty,
  staleReuse,
  pageOutsideBio,
  countedBeforeLocked,
  failedFlush,
  writebackVsReleasepage,
  writeErrorVsRead,
  staleReuseByPage,
];
