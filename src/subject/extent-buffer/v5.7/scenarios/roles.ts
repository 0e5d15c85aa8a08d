/** Roles of the kernel of June 2020: who reads a buffer, releases it, and completes reads. */
import { type Page, pageAt } from '../../../../memory/layout.ts';
import { statusOf } from '../../../../model/block-layer.ts';
import type { ActorContext, Operation, Role } from '../../../../scenario/scenario.ts';
import { WAIT_NONE } from '../extent-buffer-io.ts';
import type { ExtentBufferModel } from '../extent-buffer-model.ts';
import type { ExtentBuffer } from '../layout.ts';
import { Note } from '../note.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

const END = 0;

export const finder: Role<ExtentBufferModel> = {
  name: 'finder',
  summary: 'a readahead that finds its buffer: find, read WAIT_NONE, free at once',
  allocates: 0,
  submitsReads: true,
  completesReads: false,
  waitsForPages: false,
  waitsForOwnRead: false,
  program: [
    { name: 'find_extent_buffer', run: ({ model }) => model.findExtentBuffer() },
    {
      name: 'read_extent_buffer_pages',
      run: ({ model }, eb) => {
        model.readExtentBufferPages(eb as ExtentBuffer, WAIT_NONE);
        return eb;
      },
    },
    {
      name: 'free_extent_buffer',
      run: ({ model }, eb) => {
        model.freeExtentBuffer(eb as ExtentBuffer);
        return END;
      },
    },
  ],
};

export const readahead: Role<ExtentBufferModel> = {
  name: 'readahead',
  summary: 'a whole readahead_tree_block: allocates the buffer where there is none',
  allocates: 1,
  submitsReads: true,
  completesReads: false,
  waitsForPages: true,
  waitsForOwnRead: false,
  program: [
    {
      name: 'readahead_tree_block',
      run: ({ model }) => {
        model.readaheadTreeBlock();
        return END;
      },
    },
  ],
};

export const read: Role<ExtentBufferModel> = {
  name: 'read',
  summary: 'a whole read_tree_block, which waits for its pages; needs an end-io actor',
  allocates: 1,
  submitsReads: true,
  completesReads: false,
  waitsForPages: true,
  waitsForOwnRead: true,
  program: [
    { name: 'read_tree_block', run: ({ model }) => model.readTreeBlock() },
    {
      name: 'free_extent_buffer',
      run: ({ model }, eb) => {
        model.freeExtentBuffer(eb as ExtentBuffer);
        return END;
      },
    },
  ],
};

export const reclaim: Role<ExtentBufferModel> = {
  name: 'reclaim',
  summary:
    'a whole releasepage on one page: the last one, the second reclaim on the one before it, and so on',
  allocates: 0,
  submitsReads: false,
  completesReads: false,
  waitsForPages: false,
  waitsForOwnRead: false,
  program: [
    { name: 'trylock_page', run: lockVictim },
    {
      name: 'btree_releasepage',
      run: ({ model }, page) => {
        model.btreeReleasepage(page as Page);
        return page;
      },
    },
    {
      name: 'unlock_page',
      run: ({ memory }, page) => {
        memory.unlockPage(page as Page);
        return END;
      },
    },
  ],
};

/**
 * As shrink_page_list does: a page that is locked is left alone. The last page is the last that a read locks, so that
 * the two are apart for as long as the kernel lets them be.
 */
function lockVictim({ model, memory, geometry, ordinal }: ActorContext<ExtentBufferModel>): number {
  const page = pageAt(model.fsInfo, geometry.pages - 1 - (ordinal % geometry.pages));
  if (memory.trylockPage(page)) return page;
  model.notes |= Note.PageBusy;
  return END;
}

export const endIo: Role<ExtentBufferModel> = {
  name: 'end-io',
  summary: 'completes the reads of a trial, page by page',
  allocates: 0,
  submitsReads: false,
  completesReads: true,
  waitsForPages: false,
  waitsForOwnRead: false,
  program: [{ name: 'end_bio_extent_readpage', run: completeReads } satisfies Operation<ExtentBufferModel>],
};

function completeReads({ model, submitters, bioStatus }: ActorContext<ExtentBufferModel>): number {
  for (;;) {
    const bio = model.takeBio(submitters);
    if (bio === 0) return END;
    model.endBioExtentReadpage(bio, statusOf(bio, bioStatus()));
  }
}
