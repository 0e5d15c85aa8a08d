import { type Page, pageAt } from '../../../../memory/layout.ts';
import { statusOf } from '../../../../model/block-layer.ts';
import type { Role } from '../../../../scenario/scenario.ts';
import type { ExtentBuffer as Model } from '../extent-buffer.ts';
import { BIO_WRITE } from '../layout.ts';
import { type Context, END, QUIET, type Step } from './roles.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

/** The roles that no caller of a tree block has: the device that completes IO, the mm that reclaims folios, and umount. */

/** How the device answers a write. */
function completer(name: string, summary: string, isWriteGood: boolean): Role<Model> {
  const run = ({ model, submitters, bioStatus }: Context): number => {
    for (;;) {
      const bio = model.takeBio(submitters);
      if (bio === 0) return END;
      if ((bio & BIO_WRITE) === 0) model.endBbioMetaRead(bio, statusOf(bio, bioStatus()));
      else model.endBbioMetaWrite(bio, isWriteGood);
    }
  };
  return { ...QUIET, name, summary, completesReads: true, program: [{ name: 'end_bbio', run }] };
}

export const endIo: Role<Model> = completer('end-io', 'completes the reads and writes of a trial', true);

export const writeErrorEndIo: Role<Model> = completer(
  'failing-end-io',
  'completes the reads and writes of a trial; writes fail',
  false,
);

/** As `endIo`, with the workqueue that umount frees. */
export const workqueueEndIo: Role<Model> = {
  ...QUIET,
  name: 'end-io',
  summary: 'completes the reads of a trial in a workqueue, which must be there',
  completesReads: true,
  program: [
    {
      name: 'end_bbio',
      run: ({ model, submitters, bioStatus }) => {
        for (;;) {
          const bio = model.takeBio(submitters);
          if (bio === 0 || !model.queueEndIo()) return END;
          model.endBbioMetaRead(bio, statusOf(bio, bioStatus()));
        }
      },
    },
  ],
};

/**
 * As shrink_folio_list does: a folio that is locked or not in the page cache is left alone. The last folio first, of the second reclaim
 * the one before it, and so on.
 */
const isolate: Step = {
  name: 'isolate_lru_folios',
  run: ({ model, geometry, ordinal }) => {
    const folio = pageAt(model.fsInfo, geometry.pages - 1 - (ordinal % geometry.pages));
    return model.isolateFolio(folio) ? folio : END;
  },
};

export const reclaim: Role<Model> = {
  ...QUIET,
  name: 'reclaim',
  summary: 'takes one folio from its buffer, out of the page cache, and frees it: the last one first',
  program: [
    isolate,
    {
      name: 'filemap_release_folio',
      run: ({ model }, folio) => {
        if (model.filemapReleaseFolio(folio as Page)) return folio;
        model.keepLocked(folio as Page);
        return END;
      },
    },
    {
      name: '__remove_mapping',
      run: ({ model }, folio) => {
        if (!model.removeMapping(folio as Page)) model.keepLocked(folio as Page);
        return END;
      },
    },
  ],
};

export const migration: Role<Model> = {
  ...QUIET,
  name: 'migration',
  summary:
    'takes one folio from its buffer and leaves it in the page cache: as reclaim without its second half',
  program: [
    isolate,
    {
      name: 'filemap_release_folio',
      run: ({ model }, folio) => {
        model.filemapReleaseFolio(folio as Page);
        model.keepLocked(folio as Page);
        return END;
      },
    },
  ],
};

export const umount: Role<Model> = {
  ...QUIET,
  name: 'umount',
  waitsForPages: true,
  summary: 'invalidates the folios, looks at what stays, waits for reads, and stops the workers: close_ctree',
  program: [
    {
      name: 'close_ctree',
      run: ({ model }) => {
        model.closeCtree();
        return END;
      },
    },
  ],
};
