import type { ExtentBufferLife } from '../extent-buffer-life.ts';
import { bufferAt, type ExtentBuffer } from '../../v5.7/layout.ts';
import { BIO_WRITE } from '../layout.ts';
import { EIO } from '../../v5.7/extent-buffer-io.ts';
import { statusOf } from '../../../../model/block-layer.ts';
import type { Writeback } from '../extent-buffer-write.ts';
import { FS_FREE_SPACE } from '../layout.ts';
import { LifeNote } from '../note.ts';
import type { ActorContext, Operation, Role } from '../../../../scenario/scenario.ts';

export { readahead, reclaim } from '../../v5.7/scenarios/roles.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

/**
 * The roles of scenarios in which buffers are changed, deleted, written and used anew. Who holds a reference at the start of a trial
 * holds one of buffer 0.
 */

export const END = 0;
/** Carried from an operation to the next where there is nothing to carry. */
export const GO_ON = 1;

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

/** The buffer that a trial starts with. */
export function startBuffer({ model, geometry }: ActorContext<ExtentBufferLife>): ExtentBuffer {
  return bufferAt(model.fsInfo, geometry, 0);
}

/** Notes something of this trial. */
export function noteLife({ model }: ActorContext, bit: number): void {
  model.notes |= bit;
}

/** Drops the reference of the buffer that is carried. */
export const put: Operation<ExtentBufferLife> = {
  name: 'free_extent_buffer',
  run: ({ model }, eb) => {
    model.freeExtentBuffer(eb as ExtentBuffer);
    return END;
  },
};

/** find_extent_buffer. */
export const find: Operation<ExtentBufferLife> = {
  name: 'find_extent_buffer',
  run: ({ model }) => model.findExtentBuffer(),
};

/** set_extent_buffer_dirty of the buffer that is carried, whose tree lock is held and given back. */
export const dirtyAndUnlock: Operation<ExtentBufferLife> = {
  name: 'set_extent_buffer_dirty',
  run: (context, eb) => {
    context.model.setExtentBufferDirty(eb as ExtentBuffer);
    noteLife(context, LifeNote.Dirtied);
    context.model.btrfsTreeUnlock(eb as ExtentBuffer);
    return eb;
  },
};

export const holder: Role<ExtentBufferLife> = {
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

const initNewBuffer: Operation<ExtentBufferLife> = {
  name: 'btrfs_init_new_buffer',
  run: ({ model }) => model.btrfsInitNewBuffer(),
};

export const recycler: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'recycler',
  summary: 'is given the block for a new tree block: btrfs_init_new_buffer, dirty, unlock, free',
  allocates: 1,
  program: [initNewBuffer, dirtyAndUnlock, put],
};

/** Waits until the free space cache hands the block out, which takes it from there. */
const reserve: Operation<ExtentBufferLife> = {
  name: 'btrfs_alloc_tree_block',
  run: ({ model, memory }) => {
    memory.waitEvent(model.fsInfo + FS_FREE_SPACE, 0);
    memory.writeOnce(model.fsInfo + FS_FREE_SPACE, 0);
    return GO_ON;
  },
};

export const allocator: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'allocator',
  summary: 'a recycler that waits until the block has been freed by a deleter',
  waitsForRole: 'deleter',
  allocates: 1,
  program: [reserve, initNewBuffer, dirtyAndUnlock, put],
};

export const deleter: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'deleter',
  summary: 'deletes its last item, and the leaf with it: clean, free the block, stale, release the path',
  program: [
    {
      name: 'btrfs_clean_tree_block',
      run: (context) => {
        const eb = startBuffer(context);
        context.model.btrfsTreeLock(eb);
        context.model.btrfsCleanTreeBlock(eb);
        return eb;
      },
    },
    {
      name: 'btrfs_free_tree_block',
      run: (context, eb) => {
        const { model, memory } = context;
        model.extentBufferGet(eb as ExtentBuffer);
        memory.writeOnce(model.fsInfo + FS_FREE_SPACE, 1);
        noteLife(context, LifeNote.Deleted);
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

export const BACKGROUND: Writeback = { isSync: false, flushError: 0 };
/** Of a bio of other blocks that the device does not take. */
export const FLUSH_FAILS: Writeback = { isSync: false, flushError: EIO };
export const SYNC: Writeback = { isSync: true, flushError: 0 };

export function writeback(how: Writeback): Operation<ExtentBufferLife> {
  return {
    name: 'btree_write_cache_pages',
    run: (context) => {
      const error = context.model.btreeWriteCachePages(how);
      noteLife(context, error === 0 ? LifeNote.Written : LifeNote.WriteFailed);
      return END;
    },
  };
}

/** What submits a bio to somebody who completes it. */
const SUBMITTING = { ...QUIET, submitsReads: true, waitsForPages: true };

export const writer: Role<ExtentBufferLife> = {
  ...SUBMITTING,
  name: 'writer',
  summary: 'writes the buffer back if it is dirty: btree_write_cache_pages',
  program: [writeback(BACKGROUND)],
};

export const syncWriter: Role<ExtentBufferLife> = {
  ...SUBMITTING,
  name: 'sync-writer',
  summary: 'as writer, for a commit: waits for a write that is under way',
  program: [writeback(SYNC)],
};

export const failingWriter: Role<ExtentBufferLife> = {
  ...SUBMITTING,
  name: 'failing-writer',
  summary: 'a writer that meets a locked page, and the bio it must submit first fails',
  program: [writeback(FLUSH_FAILS)],
};

/** A whole transaction in small: gets a block, fills it and writes it. */
export const committer: Role<ExtentBufferLife> = {
  ...SUBMITTING,
  name: 'committer',
  summary: 'a recycler that writes the buffer back behind it, as a commit does',
  allocates: 1,
  program: [
    initNewBuffer,
    dirtyAndUnlock,
    {
      name: 'free_extent_buffer',
      run: ({ model }, eb) => {
        model.freeExtentBuffer(eb as ExtentBuffer);
        return GO_ON;
      },
    },
    writeback(BACKGROUND),
  ],
};

/** How the device answers: what is left out is good. */
interface Device {
  /** The first page of a write, which goes to a disk of its own there, fails. @default false */
  readonly failsFirstPage?: true;
  /** The first read brings a block that does not verify. @default false */
  readonly failsFirstRead?: true;
}

function completes({
  failsFirstPage,
  failsFirstRead,
}: Device): (context: ActorContext<ExtentBufferLife>) => number {
  return ({ model, submitters, bioStatus }) => {
    let isBad = failsFirstRead === true;
    for (;;) {
      const bio = model.takeBio(submitters);
      if (bio === 0) return END;
      if ((bio & BIO_WRITE) === 0) {
        model.endBioExtentReadpage(bio, isBad ? 'bad-content' : statusOf(bio, bioStatus()));
        isBad = false;
      } else if (failsFirstPage === true) {
        model.endBioExtentBufferWritepage(bio & -bio, false);
        model.endBioExtentBufferWritepage(bio & (bio - 1), true);
      } else {
        model.endBioExtentBufferWritepage(bio, true);
      }
    }
  };
}

function completer(name: string, summary: string, device: Device): Role<ExtentBufferLife> {
  const program = [{ name: 'end_bio', run: completes(device) }];
  return { ...QUIET, name, summary, completesReads: true, program };
}

export const endIo: Role<ExtentBufferLife> = completer(
  'end-io',
  'completes the reads and writes of a trial, page by page',
  {},
);

export const writeErrorEndIo: Role<ExtentBufferLife> = completer(
  'end-io',
  'completes the reads and writes of a trial; of a write the first page, a bio of its own, fails',
  { failsFirstPage: true },
);

export const readErrorEndIo: Role<ExtentBufferLife> = completer(
  'end-io',
  'completes the reads of a trial; the first one brings content that does not verify',
  { failsFirstRead: true },
);

export const errorEndIo: Role<ExtentBufferLife> = completer(
  'end-io',
  'completes the reads and writes of a trial; the first read does not verify, and of a write the first page fails',
  { failsFirstPage: true, failsFirstRead: true },
);

export const readTreeBlock: Operation<ExtentBufferLife> = {
  name: 'read_tree_block',
  run: ({ model }) => model.readTreeBlock(),
};

const WAITING = { ...SUBMITTING, allocates: 1, waitsForOwnRead: true };

export const reader: Role<ExtentBufferLife> = {
  ...WAITING,
  name: 'reader',
  summary: 'a whole read_tree_block, which waits for its pages',
  program: [readTreeBlock, put],
};

export const user: Role<ExtentBufferLife> = {
  ...WAITING,
  name: 'user',
  summary: 'a reader that looks at the content, under the tree lock',
  program: [
    readTreeBlock,
    {
      name: 'read_extent_buffer',
      run: ({ model }, eb) => {
        model.btrfsTreeReadLock(eb as ExtentBuffer);
        model.readExtentBuffer(eb as ExtentBuffer);
        model.btrfsTreeReadUnlock(eb as ExtentBuffer);
        return eb;
      },
    },
    put,
  ],
};
