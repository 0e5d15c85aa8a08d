/** The operations of the alphabet of today's kernels, as callers of these functions call them. */
import { statusOf } from '../../../model/block-layer.ts';
import type { AlphabetOperation, Closing } from '../../../scenario/alphabet.ts';
import { REFERENCE } from '../../../scenario/alphabet.ts';
import {
  CHANGED_DIRTY,
  CHANGED_LOCKED,
  COMMITTED,
  DELETED,
  HANDED_OUT,
  LETS_GO,
  NEW_IS_DIRTY,
  OWNED,
  VERIFIED,
} from './alphabet-rules.ts';
import { EXTENT_BUFFER_DIRTY } from './bflags.ts';
import type { ExtentBuffer as Model } from './extent-buffer.ts';
import { BIO_WRITE, EB_BFLAGS, type ExtentBuffer, FS_FREE_SPACE } from './layout.ts';
import { migration, reclaim } from './scenarios/machine-roles.ts';
import {
  type Context,
  END,
  find,
  GO_ON,
  LENIENT,
  OUTDATED,
  reader,
  searcher,
  type Step,
  STRICT,
} from './scenarios/roles.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

type TodayOperation = AlphabetOperation<Model>;
type Rules = ReadonlySet<string>;

const WRITE_LOCK = 'write-lock';
const NEW = 'new';
const INHIBITED = 'inhibited';

/** A part that does something with the buffer that is carried, and leaves it there. */
function part(name: string, run: (context: Context, eb: ExtentBuffer) => void): Step {
  return {
    name,
    run: (context, eb) => {
      run(context, eb as ExtentBuffer);
      return eb;
    },
  };
}

/** A part with which an actor's hold of the buffer ends, or that has none. */
function last(name: string, run: (context: Context, eb: ExtentBuffer) => void): Step {
  return {
    name,
    run: (context, eb) => {
      run(context, eb as ExtentBuffer);
      return GO_ON;
    },
  };
}

const unlock = part('btrfs_tree_unlock', ({ model }, eb) => model.btrfsTreeUnlock(eb));
const putPart = last('free_extent_buffer', ({ model }, eb) => model.freeExtentBuffer(eb));

/** The block, from the free space cache: ends the program where it is not there. */
const reserve: Step = {
  name: 'btrfs_alloc_tree_block',
  run: ({ model, memory }) => (memory.atomicCmpxchg(model.fsInfo + FS_FREE_SPACE, 1, 0) === 1 ? GO_ON : END),
};

function ofFinders(): readonly TodayOperation[] {
  const idle = { lacks: [REFERENCE], allocates: 1 };
  const readahead = (check: typeof STRICT): readonly Step[] => [
    last('btrfs_readahead_tree_block', ({ model }) => model.btrfsReadaheadTreeBlock(check)),
  ];
  return [
    { name: 'find', summary: 'looks the buffer up', lacks: [REFERENCE], gives: [REFERENCE], parts: [find] },
    {
      ...idle,
      name: 'alloc',
      summary: 'gets the buffer, or makes one',
      gives: [REFERENCE],
      parts: [{ name: 'alloc_extent_buffer', run: ({ model }) => model.allocExtentBuffer() }],
    },
    {
      ...idle,
      name: 'readahead',
      summary: 'a whole btrfs_readahead_tree_block',
      submits: 'read',
      parts: readahead(STRICT),
    },
    {
      ...idle,
      name: 'lenient-readahead',
      summary: 'a readahead that does not know the first key of the block',
      submits: 'read',
      parts: readahead(LENIENT),
    },
    {
      ...idle,
      name: 'read-block',
      summary: 'a whole read_tree_block, which waits for its read, and a look at the content',
      gives: [REFERENCE, VERIFIED],
      submits: 'read',
      waits: true,
      parts: reader.program.slice(0, 2),
    },
    {
      ...idle,
      name: 'search',
      summary: 'a search that comes to the block: finds or reads it, looks it up again, and uses it',
      gives: [REFERENCE, VERIFIED],
      submits: 'read',
      waits: true,
      parts: searcher.program.slice(0, 3),
    },
  ];
}

function ofChangers(without: Rules): readonly TodayOperation[] {
  const idle = { lacks: [REFERENCE] };
  const writing = [
    ['write', 'writes the buffer back if it is dirty', false, true],
    ['write-sync', 'as write, for a commit: waits for a write that is under way', true, true],
    ['write-zoned', 'as write-sync, on a zoned device that is to write another block first', true, false],
  ] as const;
  return [
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
    ...writing.map(([name, summary, isSync, isNext]): TodayOperation => ({
      lacks: [REFERENCE],
      name,
      summary,
      submits: 'write',
      parts: [last('btree_writepages', ({ model }) => model.btreeWritepages(isSync, isNext))],
    })),
  ];
}

/** What close_ctree does first: writes what is dirty, and waits for all writes. */
const commitSuper: Step = {
  name: 'btrfs_commit_super',
  run: ({ model }) => {
    model.btreeWritepages(true);
    const eb = model.findExtentBuffer();
    if (eb === 0) return GO_ON;
    model.waitOnExtentBufferWriteback(eb);
    model.freeExtentBuffer(eb);
    return GO_ON;
  },
};

/** How the device answers: what is read may fail by chance. */
function completes(isWriteGood: boolean): Step {
  return {
    name: 'end_bbio',
    run: ({ model, submitters, bioStatus }) => {
      for (;;) {
        const bio = model.takeBio(submitters);
        if (bio === 0 || !model.queueEndIo()) return END;
        if ((bio & BIO_WRITE) === 0) model.endBbioMetaRead(bio, statusOf(bio, bioStatus()));
        else model.endBbioMetaWrite(bio, isWriteGood);
      }
    },
  };
}

/** What has an actor of its own. */
function ofContexts(without: Rules): readonly TodayOperation[] {
  return [
    { name: 'reclaim', summary: reclaim.summary, isAlone: true, parts: reclaim.program },
    {
      name: 'migrate',
      summary: migration.summary,
      isAlone: true,
      parts: migration.program,
    },
    {
      name: 'umount',
      summary: 'close_ctree: commits, invalidates the folios, waits for reads, and stops the workers',
      isAlone: true,
      isEnd: true,
      submits: 'write',
      waits: true,
      parts: [
        ...(without.has(COMMITTED) ? [] : [commitSuper]),
        last('close_ctree', ({ model }) => model.closeCtree()),
      ],
    },
    {
      name: 'end-io',
      summary: 'completes what was submitted, in a workqueue',
      isAlone: true,
      completes: true,
      parts: [completes(true)],
    },
    {
      name: 'end-io-error',
      summary: 'completes what was submitted, in a workqueue; writes fail',
      isAlone: true,
      completes: true,
      parts: [completes(false)],
    },
  ];
}

/** Whether the block was changed in this transaction and not been written, so that it may be changed in place. */
const isDirty = ({ memory }: Context, eb: ExtentBuffer): boolean =>
  memory.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);

function change(without: Rules): Step {
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

function ofHolders(without: Rules): readonly TodayOperation[] {
  const holder = { needs: [REFERENCE], lacks: [WRITE_LOCK] };
  return [
    { ...holder, name: 'put', summary: 'lets go of the buffer', drops: [REFERENCE], parts: [putPart] },
    {
      ...holder,
      name: 'look',
      summary: 'uses the content, under the tree lock',
      parts: [
        part('read_extent_buffer', ({ model }, eb) => {
          model.btrfsTreeReadLock(eb);
          model.readExtentBuffer(STRICT);
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
        part(
          'read_extent_buffer_pages_nowait',
          ({ model }, eb) => void model.readExtentBufferPagesNowait(eb, STRICT),
        ),
      ],
    },
    {
      ...holder,
      name: 'compare',
      summary: 'follows an old pointer to the block, and compares generations',
      parts: [
        part(
          'btrfs_buffer_uptodate',
          ({ model }, eb) => void model.btrfsBufferUptodate(eb, 'before', OUTDATED),
        ),
      ],
    },
    {
      name: 'inhibit',
      summary: 'keeps writeback from the new buffer until its handle ends',
      needs: [REFERENCE, NEW],
      gives: [INHIBITED],
      parts: [part('btrfs_inhibit_eb_writeback', ({ model }, eb) => model.btrfsInhibitEbWriteback(eb))],
    },
    {
      ...holder,
      name: 'delete',
      summary: 'deletes the last item: clean, free the block, stale, unlock',
      gives: [WRITE_LOCK, DELETED],
      parts: [
        part('btrfs_clear_buffer_dirty', ({ model }, eb) => {
          model.btrfsTreeLock(eb);
          model.btrfsClearBufferDirty(eb);
        }),
        part('btrfs_free_tree_block', ({ model, memory }, eb) => {
          model.extentBufferGet(eb);
          memory.writeOnce(model.fsInfo + FS_FREE_SPACE, 1);
        }),
      ],
    },
  ];
}

/** What the model of the subpage layout does not have: in it nobody changes a buffer, and none is deleted. */
const OF_CHANGES: ReadonlySet<string> = new Set([
  'init',
  'inhibit',
  'change',
  'delete',
  'compare',
  'write-zoned',
  'umount',
]);

/** Those of the subpage layout. */
export function subpageOperations(without: Rules): ReturnType<typeof alphabetOperations> {
  const { operations, closings } = alphabetOperations(without);
  return { operations: operations.filter(({ name }) => !OF_CHANGES.has(name)), closings };
}

/** All of them, without some rules, by their ids. */
export function alphabetOperations(without: Rules): {
  readonly operations: readonly TodayOperation[];
  readonly closings: readonly Closing<Model>[];
} {
  const dirty = part('set_extent_buffer_dirty', ({ model }, eb) => model.setExtentBufferDirty(eb));
  const stale = part('free_extent_buffer_stale', ({ model }, eb) => model.freeExtentBufferStale(eb));
  const uninhibit = part('btrfs_uninhibit_all_eb_writeback', ({ model }, eb) =>
    model.btrfsUninhibitEbWriteback(eb),
  );
  return {
    operations: [...ofFinders(), ...ofChangers(without), ...ofContexts(without), ...ofHolders(without)],
    closings: [
      {
        of: NEW,
        drops: [NEW, WRITE_LOCK],
        parts: [...(without.has(NEW_IS_DIRTY) ? [] : [dirty]), unlock],
      },
      { of: DELETED, drops: [DELETED, OWNED], parts: [stale] },
      { of: WRITE_LOCK, drops: [WRITE_LOCK], parts: [unlock] },
      { of: INHIBITED, drops: [INHIBITED], parts: [uninhibit] },
      {
        of: REFERENCE,
        drops: [REFERENCE, VERIFIED, OWNED],
        parts: without.has(LETS_GO) ? [] : [putPart],
      },
    ],
  };
}
