import type { ReplayColumn } from '../../../scenario/replay-column.ts';
import type { Scenario } from '../../../scenario/scenario.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_WRITEBACK,
} from '../v5.7/bflags.ts';
import { EB_BFLAGS, EB_IO_PAGES, EB_REFS } from '../v5.7/layout.ts';
import { announcing, type Sides, weakControlIn } from '../../../fix/announce-both.ts';
import type { FsInfo } from '../../../memory/layout.ts';
import { lifeAtRest } from './at-rest.ts';
import { ExtentBufferLife } from './extent-buffer-life.ts';
import { lifeInvariants } from './invariants.ts';
import { BIO_WRITE } from './layout.ts';
import { LifeNote } from './note.ts';
import { lifePlantedBugs } from './planted-bugs.ts';
import { LIFE_POINTS } from './point.ts';
import { fixesOf2020 } from './strategies/fixes-of-2020.ts';
import type { LifeStrategy } from './strategy.ts';

/** The kernels that a race is played with. */
interface Kernels {
  /** The one that had it, the one that mended it, and others of its time. */
  readonly kernels: readonly LifeStrategy[];
  /** Names of those, and of the fixes of 2020, that violate; all others hold. */
  readonly violating: readonly string[];
  /** Names of fixes of 2020 that its start states do not serve. @default none */
  readonly without?: readonly string[];
  /** Methods that two of its actors come to first, for the control of runs in which stores wait. @default none is known */
  readonly sides?: Sides;
}

/** What a replay shows of the buffers in use: the counts and bits that decide about their lives. */
export const lifeReplayColumns: readonly ReplayColumn[] = [
  { label: 'refs', word: EB_REFS },
  { label: 'TREE_REF', word: EB_BFLAGS, bit: EXTENT_BUFFER_TREE_REF, field: 'hasTreeRef' },
  { label: 'STALE', word: EB_BFLAGS, bit: EXTENT_BUFFER_STALE, field: 'isStale' },
  { label: 'DIRTY', word: EB_BFLAGS, bit: EXTENT_BUFFER_DIRTY, field: 'isDirty' },
  { label: 'WB', word: EB_BFLAGS, bit: EXTENT_BUFFER_WRITEBACK, field: 'isUnderWriteback' },
  { label: 'io', word: EB_IO_PAGES, field: 'ioPages' },
];

/**
 * The whole life of a buffer as the subject of one race: the kernels that it is played with, and the fixes of 2020; with what each of
 * them promises there.
 */
export function lifeOf({
  kernels,
  violating,
  without = [],
  sides,
}: Kernels): Pick<Scenario, 'subject' | 'promises' | 'replayColumns' | 'weakControl'> {
  const strategies = [...kernels, ...fixesOf2020.filter(({ name }) => !without.includes(name))];
  const weakControls = announcing(strategies, { violating, sides });
  return {
    subject: {
      name: 'extent_buffer, its whole life',
      Model: ExtentBufferLife,
      strategies,
      weakControls,
      compared:
        kernels.length > 1 ? kernels.map(({ name }) => name) : [...kernels.map(({ name }) => name), 'none'],
      notes: LifeNote,
      points: LIFE_POINTS,
      invariants: lifeInvariants,
      plantedBugs: lifePlantedBugs,
      atRest:
        ({ words, geometry }) =>
        (fs: FsInfo) =>
          lifeAtRest(words, geometry, fs),
      interrupt: {
        name: 'end_bio',
        complete: (model: ExtentBufferLife, bio, status) => {
          if ((bio & BIO_WRITE) === 0) model.endBioExtentReadpage(bio, status);
          else model.endBioExtentBufferWritepage(bio, true);
        },
      },
    },
    ...weakControlIn(weakControls),
    replayColumns: lifeReplayColumns,
    promises: Object.fromEntries(
      strategies.map(({ name }) => [name, violating.includes(name) ? 'violates' : 'holds'] as const),
    ),
  };
}
