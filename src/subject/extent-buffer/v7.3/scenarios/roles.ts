import type { ActorContext, Operation, Role } from '../../../../scenario/scenario.ts';
import type { ExtentBuffer as Model } from '../extent-buffer.ts';
import { bufferAt, type ExtentBuffer } from '../layout.ts';
import type { NoteBit } from '../note.ts';
import type { ParentCheck } from '../reading.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

/**
 * The roles of today's kernels: who finds, builds, reads and releases a buffer; beside them stand those of changing-roles.ts and of
 * machine-roles.ts. Who holds a reference at the start of a trial holds one of buffer 0.
 */

/** Ends a program. */
export const END = 0;
/** Carried from an operation to the next where there is nothing to carry. */
export const GO_ON = 1;

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
export const SUBMITTING: typeof QUIET = { ...QUIET, submitsReads: true };
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

/** Notes what happened in this trial. */
export function note({ model }: Context, bit: NoteBit): void {
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
        if (eb === 0 || model.readBlockForSearch(eb, STRICT) === 1) return eb;
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
    const isUptodate = model.readBlockForSearch(found, STRICT);
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

/**
 * do_walk_down of a tree that is being deleted, to one of its blocks. check_next_block_uptodate has the tree lock; what it has had to
 * read is used as the read has verified it.
 */
export const walker: Role<Model> = {
  ...WAITING,
  name: 'walker',
  summary:
    'walks down a tree that is being deleted: finds or builds the buffer, reads it unless it is up to date, uses, frees',
  allocates: 1,
  program: [
    { name: 'btrfs_find_create_tree_block', run: ({ model }) => model.allocExtentBuffer() },
    { name: 'check_next_block_uptodate', run: walkDown },
    put,
  ],
};

function walkDown({ model }: Context, next: number): number {
  const eb = next as ExtentBuffer;
  model.btrfsTreeLock(eb);
  const isUptodate = model.btrfsBufferUptodate(eb, STRICT.transid, STRICT);
  if (isUptodate === 1) {
    model.readExtentBuffer(STRICT);
    model.btrfsTreeUnlock(eb);
    return eb;
  }
  model.btrfsTreeUnlock(eb);
  if (isUptodate < 0 || model.btrfsReadExtentBuffer(eb, STRICT) !== 0) return eb;
  model.btrfsTreeLock(eb);
  model.readExtentBuffer(STRICT);
  model.btrfsTreeUnlock(eb);
  return eb;
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
      name: 'rest of release_extent_buffer',
      run: (context) => {
        context.model.releaseDying(startBuffer(context), true);
        return END;
      },
    },
  ],
};
