import type { ActorContext, Operation, Role } from '../../../../scenario/scenario.ts';
import type { ExtentBuffer as Model } from '../extent-buffer.ts';
import { bufferAt, type ExtentBuffer, FS_FREE_SPACE } from '../layout.ts';
import { Note, type NoteBit } from '../note.ts';
import type { ParentCheck } from '../reading.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

/**
 * The roles of today's kernels: who finds, builds, reads, changes, writes and releases a buffer; beside them stand
 * those of machine-roles.ts. Who holds a reference at the start of a trial holds one of buffer 0.
 */

/** Ends a program. */
export const END = 0;
/** Carried from an operation to the next where there is nothing to carry. */
const GO_ON = 1;

export type Context = ActorContext<Model>;
export type Step = Operation<Model>;

/** What a role does not do unless it says so. */
export const QUIET: Pick<
  Role,
  'allocates' | 'submitsReads' | 'completesReads' | 'waitsForPages' | 'waitsForOwnRead'
> = {
  allocates: 0,
  submitsReads: false,
  completesReads: false,
  waitsForPages: false,
  waitsForOwnRead: false,
};
/** What submits a bio to somebody who completes it. */
const SUBMITTING = { ...QUIET, submitsReads: true } as const;
/** What submits one and waits for its end. */
const WAITING = { ...SUBMITTING, waitsForPages: true, waitsForOwnRead: true } as const;

/** A reader that knows the first key of the block. */
export const STRICT: ParentCheck = { hasFirstKey: true, transid: 'current' };
/** A readahead that does not. */
export const LENIENT: ParentCheck = { hasFirstKey: false, transid: 'current' };
/** A reader with an old pointer to the block, from before it was changed. */
export const OUTDATED: ParentCheck = { hasFirstKey: true, transid: 'before' };

/** The buffer that a trial starts with. */
export function startBuffer({ model, geometry }: Context): ExtentBuffer {
  return bufferAt(model.fsInfo, geometry, 0);
}

function note({ model }: Context, bit: NoteBit): void {
  model.notes |= bit;
}

export const put: Step = {
  name: 'free_extent_buffer',
  run: ({ model }, eb) => {
    model.freeExtentBuffer(eb as ExtentBuffer);
    return END;
  },
};

export const find: Step = {
  name: 'find_extent_buffer',
  run: ({ model }) => model.findExtentBuffer(),
};

export const finder: Role<Model> = {
  ...SUBMITTING,
  name: 'finder',
  summary: 'a readahead that finds its buffer: find, read nowait, free at once',
  program: [
    find,
    {
      name: 'read_extent_buffer_pages_nowait',
      run: ({ model }, eb) => {
        model.readExtentBufferPagesNowait(eb as ExtentBuffer, STRICT);
        return eb;
      },
    },
    put,
  ],
};

function readaheadOf(name: string, summary: string, check: ParentCheck): Role<Model> {
  return {
    ...SUBMITTING,
    name,
    summary,
    allocates: 1,
    program: [
      {
        name: 'btrfs_readahead_tree_block',
        run: ({ model }) => {
          model.btrfsReadaheadTreeBlock(check);
          return END;
        },
      },
    ],
  };
}

export const readahead: Role<Model> = readaheadOf(
  'readahead',
  'a whole btrfs_readahead_tree_block: allocates the buffer where there is none',
  STRICT,
);

export const lenientReadahead: Role<Model> = readaheadOf(
  'lenient-readahead',
  'a readahead that does not know the first key of the block',
  LENIENT,
);

function use(check: ParentCheck): Step {
  return {
    name: 'read_extent_buffer',
    run: ({ model }, eb) => {
      model.btrfsTreeReadLock(eb as ExtentBuffer);
      model.readExtentBuffer(check);
      model.btrfsTreeReadUnlock(eb as ExtentBuffer);
      return eb;
    },
  };
}

export const reader: Role<Model> = {
  ...WAITING,
  name: 'reader',
  summary: 'a whole read_tree_block, which waits for its read, looks at the content, and frees',
  allocates: 1,
  program: [{ name: 'read_tree_block', run: ({ model }) => model.readTreeBlock(STRICT) }, use(STRICT), put],
};

/**
 * read_block_for_search: what it has had to read it looks up once more, from the root of the tree, so that what it uses was found up to
 * date.
 */
export const searcher: Role<Model> = {
  ...WAITING,
  name: 'searcher',
  summary: 'a search that comes to the block: find or read, look up again, use, free',
  allocates: 1,
  program: [
    { name: 'read_block_for_search', run: readBlockForSearch },
    {
      name: 'read_block_for_search',
      run: ({ model }, _restart) => {
        const eb = model.findExtentBuffer();
        if (eb === 0 || model.btrfsBufferUptodate(eb, 'current', STRICT) === 1) return eb;
        model.freeExtentBuffer(eb);
        return END;
      },
    },
    use(STRICT),
    put,
  ],
};

/** Up to the restart of the search: whether the block was read, or is up to date. */
function readBlockForSearch({ model }: Context): number {
  const found = model.findExtentBuffer();
  if (found !== 0) {
    const isUptodate = model.btrfsBufferUptodate(found, 'current', STRICT);
    if (isUptodate !== 0) {
      model.freeExtentBuffer(found);
      return isUptodate > 0 ? GO_ON : END;
    }
  }
  const eb = found === 0 ? model.allocExtentBuffer() : found;
  model.btrfsTreeReadLock(eb);
  const error = model.btrfsReadExtentBuffer(eb, STRICT);
  model.btrfsTreeReadUnlock(eb);
  if (error !== 0 && found === 0) model.freeExtentBufferStale(eb);
  else model.freeExtentBuffer(eb);
  return error === 0 ? GO_ON : END;
}

export const outdatedReader: Role<Model> = {
  ...WAITING,
  name: 'outdated-reader',
  summary: 'a reader that follows an old pointer to the block: find, compare generations, free',
  program: [
    find,
    {
      name: 'btrfs_buffer_uptodate',
      run: ({ model }, eb) => {
        model.btrfsBufferUptodate(eb as ExtentBuffer, 'before', OUTDATED);
        return eb;
      },
    },
    put,
  ],
};

export const allocator: Role<Model> = {
  ...QUIET,
  name: 'allocator',
  summary: 'finds or builds the buffer, and lets go of it: alloc_extent_buffer, free',
  allocates: 1,
  program: [{ name: 'alloc_extent_buffer', run: ({ model }) => model.allocExtentBuffer() }, put],
};

export const holder: Role<Model> = {
  ...QUIET,
  name: 'holder',
  summary: 'a path that has the buffer since before the trial, and releases it',
  program: [
    {
      name: 'free_extent_buffer',
      run: (context) => {
        context.model.freeExtentBuffer(startBuffer(context));
        return END;
      },
    },
  ],
};

export const staler: Role<Model> = {
  ...QUIET,
  name: 'staler',
  summary: 'has the buffer since before the trial and lets the tree forget it: free_extent_buffer_stale',
  program: [
    {
      name: 'free_extent_buffer_stale',
      run: (context) => {
        context.model.freeExtentBufferStale(startBuffer(context));
        return END;
      },
    },
  ],
};

export const dyingPut: Role<Model> = {
  ...QUIET,
  name: 'dying-put',
  summary:
    'has dropped the last reference of the buffer before the trial, and goes on: release_extent_buffer',
  program: [
    {
      name: 'release_extent_buffer',
      run: (context) => {
        context.model.releaseDying(startBuffer(context), true);
        return END;
      },
    },
  ],
};

const initNewBuffer: Step = {
  name: 'btrfs_init_new_buffer',
  run: ({ model }) => model.btrfsInitNewBuffer(),
};

const dirtyAndUnlock: Step = {
  name: 'set_extent_buffer_dirty',
  run: (context, eb) => {
    context.model.setExtentBufferDirty(eb as ExtentBuffer);
    note(context, Note.Dirtied);
    context.model.btrfsTreeUnlock(eb as ExtentBuffer);
    return eb;
  },
};

export const recycler: Role<Model> = {
  ...QUIET,
  name: 'recycler',
  summary: 'is given the block for a new tree block: btrfs_init_new_buffer, dirty, unlock, free',
  allocates: 1,
  program: [initNewBuffer, dirtyAndUnlock, put],
};

export const inhibitor: Role<Model> = {
  ...QUIET,
  name: 'inhibitor',
  summary: 'a recycler that keeps writeback from the buffer until its handle ends',
  allocates: 1,
  program: [
    initNewBuffer,
    {
      name: 'btrfs_inhibit_eb_writeback',
      run: ({ model }, eb) => {
        model.btrfsInhibitEbWriteback(eb as ExtentBuffer);
        return eb;
      },
    },
    dirtyAndUnlock,
    {
      name: 'free_extent_buffer',
      run: ({ model }, eb) => {
        model.freeExtentBuffer(eb as ExtentBuffer);
        return eb;
      },
    },
    {
      name: 'btrfs_uninhibit_all_eb_writeback',
      run: ({ model }, eb) => {
        model.btrfsUninhibitEbWriteback(eb as ExtentBuffer);
        return END;
      },
    },
  ],
};

/** Waits until the free space cache hands the block out, which takes it from there. */
const reserve: Step = {
  name: 'btrfs_alloc_tree_block',
  run: ({ model, memory }) => {
    memory.waitEvent(model.fsInfo + FS_FREE_SPACE, 0);
    memory.writeOnce(model.fsInfo + FS_FREE_SPACE, 0);
    return GO_ON;
  },
};

export const heir: Role<Model> = {
  ...QUIET,
  name: 'heir',
  summary: 'a recycler that waits until the block has been freed by a deleter',
  waitsForRole: 'deleter',
  allocates: 1,
  program: [reserve, initNewBuffer, dirtyAndUnlock, put],
};

export const deleter: Role<Model> = {
  ...QUIET,
  name: 'deleter',
  summary: 'deletes its last item, and the leaf with it: clean, free the block, stale, release the path',
  program: [
    {
      name: 'btrfs_clear_buffer_dirty',
      run: (context) => {
        const eb = startBuffer(context);
        context.model.btrfsTreeLock(eb);
        context.model.btrfsClearBufferDirty(eb);
        return eb;
      },
    },
    {
      name: 'btrfs_free_tree_block',
      run: (context, eb) => {
        context.model.extentBufferGet(eb as ExtentBuffer);
        context.memory.writeOnce(context.model.fsInfo + FS_FREE_SPACE, 1);
        note(context, Note.Deleted);
        return eb;
      },
    },
    {
      name: 'free_extent_buffer_stale',
      run: ({ model }, eb) => {
        model.freeExtentBufferStale(eb as ExtentBuffer);
        return eb;
      },
    },
    {
      name: 'btrfs_release_path',
      run: ({ model }, eb) => {
        model.btrfsTreeUnlock(eb as ExtentBuffer);
        model.freeExtentBuffer(eb as ExtentBuffer);
        return END;
      },
    },
  ],
};

function writepages(isSync: boolean, isNext = true): Step {
  return {
    name: 'btree_writepages',
    run: ({ model }) => {
      model.btreeWritepages(isSync, isNext);
      return END;
    },
  };
}

export const writer: Role<Model> = {
  ...SUBMITTING,
  name: 'writer',
  summary: 'writes the buffer back if it is dirty: btree_writepages',
  program: [writepages(false)],
};

export const syncWriter: Role<Model> = {
  ...SUBMITTING,
  waitsForPages: true,
  name: 'sync-writer',
  summary: 'as writer, for a commit: waits for a write that is under way',
  program: [writepages(true)],
};

export const zonedWriter: Role<Model> = {
  ...SUBMITTING,
  name: 'zoned-writer',
  summary: 'a sync-writer on a zoned device, which meets the block before it is its turn to be written',
  program: [writepages(true, false)],
};
