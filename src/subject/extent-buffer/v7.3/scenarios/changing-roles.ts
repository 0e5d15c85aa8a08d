import type { Role } from '../../../../scenario/scenario.ts';
import type { ExtentBuffer as Model } from '../extent-buffer.ts';
import { type ExtentBuffer, FS_FREE_SPACE } from '../layout.ts';
import { Note } from '../note.ts';
import { END, GO_ON, note, put, QUIET, startBuffer, type Step, SUBMITTING } from './roles.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

/** The roles that change a buffer, delete it, and write it back. */

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
