/** The operations of the alphabet of June 2020, as callers of these functions call them. */
import type { AlphabetOperation, Closing } from '../../../scenario/alphabet.ts';
import { REFERENCE } from '../../../scenario/alphabet.ts';
import { pageAt } from '../../../memory/layout.ts';
import type { ActorContext, Operation } from '../../../scenario/scenario.ts';
import { EXTENT_BUFFER_DIRTY, EXTENT_BUFFER_UPTODATE } from '../v5.7/bflags.ts';
import { WAIT_COMPLETE, WAIT_NONE } from '../v5.7/extent-buffer-io.ts';
import { EB_BFLAGS, type ExtentBuffer, PAGE_PAYLOAD } from '../v5.7/layout.ts';
import { reclaim as ofReclaim } from '../v5.7/scenarios/roles.ts';
import {
  CHANGED_DIRTY,
  CHANGED_LOCKED,
  DELETED,
  FAILED_READ,
  HANDED_OUT,
  LETS_GO,
  LOCKED_PAGE,
  NEW_IS_DIRTY,
  OWNED,
  VERIFIED,
} from './alphabet-rules.ts';
import type { ExtentBufferLife } from './extent-buffer-life.ts';
import { FS_FREE_SPACE, PAYLOAD_MODIFIED } from './layout.ts';
import {
  BACKGROUND,
  END,
  endIo,
  errorEndIo,
  find,
  FLUSH_FAILS,
  GO_ON,
  readTreeBlock,
  SYNC,
  writeback,
} from './scenarios/roles.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

type LifeOperation = AlphabetOperation<ExtentBufferLife>;
type Part = Operation<ExtentBufferLife>;
type Rules = ReadonlySet<string>;

const WRITE_LOCK = 'write-lock';
const NEW = 'new';

/** A part that does something with the buffer that is carried, and leaves it there. */
function part(name: string, run: (context: ActorContext<ExtentBufferLife>, eb: ExtentBuffer) => void): Part {
  return {
    name,
    run: (context, eb) => {
      run(context, eb as ExtentBuffer);
      return eb;
    },
  };
}

/** A part with which an actor's hold of the buffer ends. */
function last(name: string, run: (context: ActorContext<ExtentBufferLife>, eb: ExtentBuffer) => void): Part {
  return {
    name,
    run: (context, eb) => {
      run(context, eb as ExtentBuffer);
      return GO_ON;
    },
  };
}

const goingOn = ({ name, run }: Part): Part => ({
  name,
  run: (context, carried) => {
    run(context, carried);
    return GO_ON;
  },
});

const unlock = part('btrfs_tree_unlock', ({ model }, eb) => model.btrfsTreeUnlock(eb));
const putPart = last('free_extent_buffer', ({ model }, eb) => model.freeExtentBuffer(eb));
const stalePart = part('free_extent_buffer_stale', ({ model }, eb) => model.freeExtentBufferStale(eb));

/** The block, from the free space cache: ends the program where it is not there. */
const reserve: Part = {
  name: 'btrfs_alloc_tree_block',
  run: ({ model, memory }) => (memory.atomicCmpxchg(model.fsInfo + FS_FREE_SPACE, 1, 0) === 1 ? GO_ON : END),
};

/** Whether the block was changed in this transaction and not been written, so that it may be changed in place. */
const isDirty = ({ memory }: ActorContext<ExtentBufferLife>, eb: ExtentBuffer): boolean =>
  memory.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);

function change(without: Rules): Part {
  return part('set_extent_buffer_dirty', (context, eb) => {
    const { model } = context;
    const isLocked = !without.has(CHANGED_LOCKED);
    if (isLocked) model.btrfsTreeLock(eb);
    if (without.has(CHANGED_DIRTY) || isDirty(context, eb)) {
      model.writeExtentBuffer(eb);
      model.setExtentBufferDirty(eb);
    }
    if (isLocked) model.btrfsTreeUnlock(eb);
  });
}

const failedReadahead = (without: Rules): readonly Part[] => [
  { name: 'alloc_extent_buffer', run: ({ model }) => model.allocExtentBuffer() },
  last('free_extent_buffer_stale', ({ model, memory }, eb) => {
    // What is up to date is not read, and nothing can fail.
    if (!without.has(FAILED_READ) && memory.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS))
      model.freeExtentBuffer(eb);
    else model.freeExtentBufferStale(eb);
  }),
];

const reread: Part = part('verify_parent_transid', ({ model, memory }, eb) => {
  // btrfs_header_generation, which is that of the transaction that has changed the block.
  if (memory.readOnce(pageAt(model.fsInfo, 0) + PAGE_PAYLOAD) === PAYLOAD_MODIFIED)
    model.verifyParentTransid(eb);
  model.readExtentBufferPages(eb, WAIT_COMPLETE);
});

/** btree_releasepage of a page that nobody has locked. */
const unlockedReclaim: Part = {
  name: 'btree_releasepage',
  run: ({ model, geometry }) => {
    model.btreeReleasepage(pageAt(model.fsInfo, geometry.pages - 1));
    return END;
  },
};

function ofIdle(without: Rules): readonly LifeOperation[] {
  const idle = { lacks: [REFERENCE] };
  return [
    { ...idle, name: 'find', summary: 'looks the buffer up', gives: [REFERENCE], parts: [find] },
    {
      ...idle,
      name: 'alloc',
      summary: 'gets the buffer, or makes one',
      gives: [REFERENCE],
      allocates: 1,
      parts: [{ name: 'alloc_extent_buffer', run: ({ model }) => model.allocExtentBuffer() }],
    },
    {
      ...idle,
      name: 'init',
      summary: 'is given the block for a new tree block, if it is free',
      gives: [REFERENCE, OWNED, WRITE_LOCK, NEW],
      allocates: 1,
      parts: [
        ...(without.has(HANDED_OUT) ? [] : [reserve]),
        { name: 'btrfs_init_new_buffer', run: ({ model }) => model.btrfsInitNewBuffer() },
      ],
    },
    {
      ...idle,
      name: 'readahead',
      summary: 'a whole readahead_tree_block',
      allocates: 1,
      submits: 'read',
      parts: [
        {
          name: 'readahead_tree_block',
          run: ({ model }) => {
            model.readaheadTreeBlock();
            return GO_ON;
          },
        },
      ],
    },
    {
      ...idle,
      name: 'failed-readahead',
      summary: 'a readahead whose read cannot be set up',
      allocates: 1,
      parts: failedReadahead(without),
    },
    {
      ...idle,
      name: 'read-block',
      summary: 'a whole read_tree_block, which waits for its pages',
      gives: [REFERENCE, VERIFIED],
      allocates: 1,
      submits: 'read',
      waits: true,
      parts: [readTreeBlock],
    },
    ...ofWriters,
    ...ofContexts(without),
  ];
}

/** Writers of the buffer, by how. */
const ofWriters: readonly LifeOperation[] = (
  [
    ['write', 'writes the buffer back if it is dirty', BACKGROUND],
    ['write-sync', 'as write, for a commit: waits for a write that is under way', SYNC],
    ['write-flush', 'a write that meets a locked page, and the bio it must submit first fails', FLUSH_FAILS],
  ] as const
).map(([name, summary, how]): LifeOperation => ({
  name,
  summary,
  lacks: [REFERENCE],
  submits: 'write',
  parts: [goingOn(writeback(how))],
}));

/** What has an actor of its own. */
function ofContexts(without: Rules): readonly LifeOperation[] {
  return [
    {
      name: 'reclaim',
      summary: 'a releasepage on one page',
      isAlone: true,
      parts: without.has(LOCKED_PAGE) ? [unlockedReclaim] : ofReclaim.program,
    },
    {
      name: 'end-io',
      summary: 'completes what was submitted',
      isAlone: true,
      completes: true,
      parts: endIo.program,
    },
    {
      name: 'end-io-error',
      summary: errorEndIo.summary,
      isAlone: true,
      completes: true,
      parts: errorEndIo.program,
    },
  ];
}

function ofHolder(without: Rules): readonly LifeOperation[] {
  const holder = { needs: [REFERENCE], lacks: [WRITE_LOCK] };
  return [
    { ...holder, name: 'put', summary: 'lets go of the buffer', drops: [REFERENCE], parts: [putPart] },
    {
      ...holder,
      name: 'stale',
      summary: 'lets go of the buffer, and has the tree do so, too',
      drops: [REFERENCE],
      parts: [last('free_extent_buffer_stale', ({ model }, eb) => model.freeExtentBufferStale(eb))],
    },
    {
      ...holder,
      name: 'look',
      summary: 'uses the content, under the tree lock',
      parts: [
        part('read_extent_buffer', ({ model }, eb) => {
          model.btrfsTreeReadLock(eb);
          model.readExtentBuffer(eb);
          model.btrfsTreeReadUnlock(eb);
        }),
      ],
    },
    { ...holder, name: 'change', summary: 'changes the buffer if it is dirty', parts: [change(without)] },
    {
      ...holder,
      name: 'read',
      summary: 'reads the buffer ahead',
      submits: 'read',
      parts: [
        part('read_extent_buffer_pages', ({ model }, eb) => void model.readExtentBufferPages(eb, WAIT_NONE)),
      ],
    },
    {
      ...holder,
      name: 'reread',
      summary: 'follows an old pointer: verify_parent_transid, and reads what is not up to date',
      submits: 'read',
      waits: true,
      parts: [reread],
    },
    {
      ...holder,
      name: 'delete',
      summary: 'deletes the last item: clean, free the block, stale, unlock',
      gives: [WRITE_LOCK, DELETED],
      parts: [
        part('btrfs_clean_tree_block', ({ model }, eb) => {
          model.btrfsTreeLock(eb);
          model.btrfsCleanTreeBlock(eb);
        }),
        part('btrfs_free_tree_block', ({ model, memory }, eb) => {
          model.extentBufferGet(eb);
          memory.writeOnce(model.fsInfo + FS_FREE_SPACE, 1);
        }),
      ],
    },
  ];
}

/** All of them, without some rules, by their ids. */
export function alphabetOperations(without: Rules): {
  readonly operations: readonly LifeOperation[];
  readonly closings: readonly Closing<ExtentBufferLife>[];
} {
  const dirty = part('set_extent_buffer_dirty', ({ model }, eb) => void model.setExtentBufferDirty(eb));
  return {
    operations: [...ofIdle(without), ...ofHolder(without)],
    closings: [
      { of: NEW, drops: [NEW, WRITE_LOCK], parts: [...(without.has(NEW_IS_DIRTY) ? [] : [dirty]), unlock] },
      { of: DELETED, drops: [DELETED, OWNED], parts: [stalePart] },
      { of: WRITE_LOCK, drops: [WRITE_LOCK], parts: [unlock] },
      { of: REFERENCE, drops: [REFERENCE, VERIFIED, OWNED], parts: without.has(LETS_GO) ? [] : [putPart] },
    ],
  };
}
