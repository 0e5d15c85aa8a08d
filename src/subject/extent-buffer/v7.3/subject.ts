import { announcing, type Sides, weakControlIn } from '../../../fix/announce-both.ts';
import type { ReplayColumn } from '../../../scenario/replay-column.ts';
import type { Scenario } from '../../../scenario/scenario.ts';
import { atRestOf } from './at-rest.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_READING,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_WRITEBACK,
} from './bflags.ts';
import { type ExtentBuffer, extentBufferOf } from './extent-buffer.ts';
import { invariants } from './invariants.ts';
import { type KernelName, kernels } from './kernel.ts';
import { BIO_WRITE, EB_BFLAGS, EB_REFS } from './layout.ts';
import { Note } from './note.ts';
import { plantedBugs } from './planted-bugs.ts';
import { POINTS } from './point.ts';
import { soundWorldsIn } from './sound-worlds.ts';
import { subpageOf } from './subpage.ts';
import { none, type TodayStrategy } from './strategy.ts';

/** What a race is played with. */
interface Played {
  /** Kernels that had it or mended it otherwise: beside `none`, the kernel as it is. */
  readonly strategies: readonly TodayStrategy[];
  /** Names of those that violate; all others hold. */
  readonly violating: readonly string[];
  /** Names of those that `compare` runs unless told otherwise. @default all of them */
  readonly compared?: readonly string[];
  /** Whether a folio has several blocks: the layout of subpage.ts. @default false */
  readonly isSubpage?: boolean;
  /** Methods that two of its actors come to first, for the control of runs in which stores wait. @default none is known */
  readonly sides?: Sides;
}

/** What a replay shows of the buffers in use: the count and the bits that decide about their lives. */
const replayColumns: readonly ReplayColumn[] = [
  { label: 'refs', word: EB_REFS },
  { label: 'TREE_REF', word: EB_BFLAGS, bit: EXTENT_BUFFER_TREE_REF, field: 'hasTreeRef' },
  { label: 'STALE', word: EB_BFLAGS, bit: EXTENT_BUFFER_STALE, field: 'isStale' },
  { label: 'READING', word: EB_BFLAGS, bit: EXTENT_BUFFER_READING, field: 'isReading' },
  { label: 'DIRTY', word: EB_BFLAGS, bit: EXTENT_BUFFER_DIRTY, field: 'isDirty' },
  { label: 'WB', word: EB_BFLAGS, bit: EXTENT_BUFFER_WRITEBACK, field: 'isUnderWriteback' },
];

/** The extent_buffer of one of today's kernels as the subject of one race, with what each strategy promises there. */
export function todayOf(
  name: KernelName,
  { strategies, violating, compared, isSubpage = false, sides }: Played,
): Pick<Scenario, 'subject' | 'promises' | 'replayColumns' | 'weakControl'> {
  const Model = isSubpage ? subpageOf(name) : extentBufferOf(name);
  const kernel = kernels[name];
  const all = [...strategies, none].map((strategy) => Object.assign({}, strategy, { Base: Model }));
  const weakControls = announcing(all, { violating, sides });
  return {
    ...weakControlIn(weakControls),
    subject: {
      name: `extent_buffer, v${name}${isSubpage ? ', subpage' : ''}`,
      Model,
      strategies: all,
      weakControls,
      ...(compared !== undefined && { compared }),
      notes: Note,
      points: POINTS,
      invariants,
      plantedBugs,
      atRest: (world) => atRestOf(world, kernel, isSubpage),
      soundWorlds: soundWorldsIn(kernel, isSubpage),
      interrupt: {
        name: 'end_bbio',
        complete: (model: ExtentBuffer, bio, status) => {
          if ((bio & BIO_WRITE) === 0) model.endBbioMetaRead(bio, status);
          else model.endBbioMetaWrite(bio, true);
        },
      },
    },
    replayColumns,
    promises: Object.fromEntries(
      all.map(
        (strategy) => [strategy.name, violating.includes(strategy.name) ? 'violates' : 'holds'] as const,
      ),
    ),
  };
}
