import { kernels, type KernelName } from '../../src/subject/extent-buffer/v7.3/kernel.ts';
import type { Role, RoleCount, Scenario, StartState } from '../../src/scenario/scenario.ts';
import {
  readingWithoutRef,
  withoutFixOf2020,
} from '../../src/subject/extent-buffer/v7.3/strategies/references-of-reads.ts';
import { todayOf } from '../../src/subject/extent-buffer/v7.3/subject.ts';
import {
  endIo,
  migration,
  reclaim,
  umount,
  workqueueEndIo,
  writeErrorEndIo,
} from '../../src/subject/extent-buffer/v7.3/scenarios/machine-roles.ts';
import { classify, outcomes } from '../../src/subject/extent-buffer/v7.3/scenarios/outcomes.ts';
import {
  deleter,
  heir,
  inhibitor,
  recycler,
  syncWriter,
  writer,
  zonedWriter,
} from '../../src/subject/extent-buffer/v7.3/scenarios/changing-roles.ts';
import {
  allocator,
  dyingPut,
  finder,
  holder,
  lenientReadahead,
  outdatedReader,
  reader,
  readahead,
  searcher,
  staler,
  walker,
} from '../../src/subject/extent-buffer/v7.3/scenarios/roles.ts';
import {
  type BufferAtStart,
  cold,
  coldForeign,
  empty,
  type Reset,
  withBuffer,
} from '../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';

/** All roles of today's kernels; of those that complete IO each has a name of its own here. */
const roles: readonly Role[] = [
  finder,
  readahead,
  lenientReadahead,
  reader,
  searcher,
  walker,
  outdatedReader,
  allocator,
  holder,
  staler,
  dyingPut,
  recycler,
  inhibitor,
  heir,
  deleter,
  writer,
  syncWriter,
  zonedWriter,
  endIo,
  writeErrorEndIo,
  { ...workqueueEndIo, name: 'workqueue-end-io' },
  reclaim,
  migration,
  umount,
];

/** Roles that a start must have something for. */
const NOBODY = { holder: 0, staler: 0, deleter: 0, 'dying-put': 0 } as const;

/** One of a buffer: who has a reference of it, and who plays beside them unless told otherwise. */
interface Start extends BufferAtStart {
  readonly name: string;
  readonly summary: string;
  /** Roles that have something of it. @default none */
  readonly serves?: Partial<Record<keyof typeof NOBODY, number>>;
  readonly others: readonly string[];
}

const starts: readonly Start[] = [
  {
    name: 'unread',
    summary: 'the buffer is in the tree and was never read, refs 1',
    state: 'unread',
    others: ['finder', 'reclaim', 'end-io'],
  },
  {
    name: 'unread-held',
    summary: 'as unread, and a path has it, refs 2',
    state: 'unread',
    serves: { holder: 1 },
    others: ['readahead', 'end-io'],
  },
  {
    name: 'clean',
    summary: 'the buffer is in the tree and up to date, refs 1',
    state: 'clean',
    others: ['recycler', 'reclaim'],
  },
  {
    name: 'held',
    summary: 'as clean, and a path has it, refs 2',
    state: 'clean',
    serves: { holder: 1 },
    others: ['allocator', 'reclaim'],
  },
  {
    name: 'foreign',
    summary: 'as clean, but a sound block that is another one than its parent speaks of',
    state: 'clean',
    isForeign: true,
    others: ['walker', 'reclaim', 'end-io'],
  },
  {
    name: 'freed',
    summary:
      'the buffer is up to date, and its block was freed: a path has it and lets the tree forget it, refs 2',
    state: 'clean',
    serves: { staler: 1 },
    others: ['recycler'],
  },
  {
    name: 'stale',
    summary: 'the buffer is STALE and a path has it, refs 2',
    state: 'clean',
    isStale: true,
    serves: { holder: 1 },
    others: ['recycler'],
  },
  {
    name: 'dirty',
    summary: 'the buffer is dirty, refs 1',
    state: 'dirty',
    others: ['writer', 'reclaim', 'end-io'],
  },
  {
    name: 'dirty-held',
    summary: 'as dirty, and a path has it, refs 2',
    state: 'dirty',
    serves: { holder: 1 },
    others: ['outdated-reader', 'end-io'],
  },
  {
    name: 'deleting',
    summary: 'the leaf is dirty and about to be deleted by a path that has it, refs 2',
    state: 'dirty',
    serves: { deleter: 1 },
    others: ['heir'],
  },
  {
    name: 'reading',
    summary: 'a readahead is in flight, refs 2',
    state: 'reading',
    others: ['finder', 'end-io'],
  },
  {
    name: 'reading-held',
    summary: 'as reading, and a path has the buffer, refs 3',
    state: 'reading',
    serves: { holder: 1 },
    others: ['end-io'],
  },
  {
    name: 'writing',
    summary: 'a write is in flight, refs 1',
    state: 'writing',
    others: ['recycler', 'end-io'],
  },
  {
    name: 'writing-held',
    summary: 'as writing, and a path has the buffer, refs 2',
    state: 'writing',
    serves: { holder: 1 },
    others: ['end-io'],
  },
  {
    name: 'dying',
    summary: 'the last reference of the buffer is gone; it still is in the tree',
    state: 'dying',
    serves: { 'dying-put': 1 },
    others: ['readahead'],
  },
];

function one(role: string): RoleCount {
  return { role, count: 1 };
}

interface Made extends Pick<Start, 'name' | 'summary' | 'others'> {
  readonly serves?: Start['serves'] | undefined;
  readonly buffers: number;
  readonly reset: Reset;
}

function startOf({ name, summary, serves = {}, others, buffers, reset }: Made): StartState {
  const actors = [...Object.keys(serves), ...others].map(one);
  return { name, summary, actors, serves: { ...NOBODY, ...serves }, buffers, stride: 64, reset };
}

/**
 * No race: all roles and start states of today's kernels, to see what they reach. Not every combination is one that a kernel comes to (a
 * block is not given away twice, nobody comes behind umount), so that it is no scenario of the project.
 */
export function everyRole(kernel: KernelName): Scenario {
  const withBuffers = starts.map(({ name, summary, serves, others, ...buffer }) =>
    startOf({
      name,
      summary,
      serves,
      others,
      buffers: 1,
      reset: withBuffer(kernels[kernel], held(buffer, serves)),
    }),
  );
  return {
    ...todayOf(kernel, {
      strategies: [readingWithoutRef, withoutFixOf2020],
      violating: ['reading-without-ref'],
    }),
    name: 'every-role',
    summary: 'no race of its own: every role and every start, to be put together by --start and --actors',
    origin: 'Linux v7.3.4, fs/btrfs/extent_io.c, disk-io.c and extent-tree.c, mm/filemap.c and vmscan.c',
    starts: [
      ...withBuffers,
      startOf({
        name: 'cold',
        summary: 'the tree is empty; the folios are in the page cache and belong to nobody',
        others: ['inhibitor', 'writer', 'failing-end-io'],
        buffers: 0,
        reset: cold,
      }),
      startOf({
        name: 'cold-foreign',
        summary: 'as cold, and the first copy on the disk is a sound block, and another one',
        others: ['searcher', 'end-io'],
        buffers: 0,
        reset: coldForeign,
      }),
      startOf({
        name: 'empty',
        summary: 'the tree is empty, and so is the page cache',
        others: ['lenient-readahead', 'reclaim', 'end-io'],
        buffers: 0,
        reset: empty,
      }),
    ],
    roles,
    outcomes,
    classify,
    widening: { point: 'read:reading', ns: 300 },
    pages: 1,
    control: 'reading-without-ref',
    fix: 'none',
  };
}

/** A reference for each of those that have one. */
function held(buffer: BufferAtStart, serves: Start['serves'] = {}): BufferAtStart {
  const holders = (serves.holder ?? 0) + (serves.staler ?? 0) + (serves.deleter ?? 0);
  return { ...buffer, holders };
}
