import { lifeOf } from '../subject.ts';
import { privateHandshake } from '../strategies/private-handshake.ts';
import type { ExtentBufferLife } from '../extent-buffer-life.ts';
import type { ExtentBuffer } from '../../v5.7/layout.ts';
import { END, find, put, QUIET, recycler } from './roles.ts';
import { resetWorld } from '../../../../memory/structures.ts';
import { classifyReferences, referenceOutcomes } from './reference-outcomes.ts';
import type { Role, Scenario } from '../../../../scenario/scenario.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

const failedReadahead: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'failed-readahead',
  summary: 'a readahead of a block that is not in use any more, whose read cannot be set up: alloc, stale',
  allocates: 1,
  program: [
    { name: 'alloc_extent_buffer', run: ({ model }) => model.allocExtentBuffer() },
    {
      name: 'free_extent_buffer_stale',
      run: ({ model }, eb) => {
        model.freeExtentBufferStale(eb as ExtentBuffer);
        return END;
      },
    },
  ],
};

const finder: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'finder',
  summary: 'finds the buffer and lets go of it',
  program: [find, put],
};

/**
 * A hypothesis, kernel.md 4.4: the handshake of 2015 is in find_extent_buffer, and alloc_extent_buffer also finds buffers through
 * page->private, where nobody looks at STALE. Who missed the look-up may find there a buffer that has been built and made stale
 * since, and the race of 2015 applies unchanged.
 *
 * The block is one that has just been handed out. That somebody reads it ahead meanwhile takes an old pointer to it (of a snapshot
 * that is walked without locks, say); its read is not played, only what becomes of the buffer when that cannot be set up.
 */
export const staleReuseByPage: Scenario = {
  ...lifeOf({
    kernels: [privateHandshake],
    sides: [['btrfsInitNewBuffer'], ['findExtentBuffer']],
    violating: [
      'none',
      'early-check',
      'locked-io-pages',
      'upstream',
      'cmpxchg-release',
      'recheck-release',
      'bio-ref',
    ],
  }),
  name: 'stale-reuse-by-page',
  summary: 'the stale buffer is not found in the tree but through page->private',
  origin: 'kernel.md 4.4: Linux 062c19e9dd69 on the path that it left out; unconfirmed',
  history: {
    year: 2015,
    commit: null,
    title: 'the handshake of 2015, left out where page->private names the buffer',
    symptom: 'a stale buffer is used again and freed dirty',
    breaks: ['B1'],
  },
  leavesOut: 'the read of the readahead, whose setup fails',
  starts: [
    {
      name: 'cold',
      summary: 'the tree is empty; the pages are in the page cache and belong to nobody',
      actors: [
        { role: 'recycler', count: 1 },
        { role: 'failed-readahead', count: 1 },
        { role: 'finder', count: 1 },
      ],
      buffers: 0,
      stride: 2,
      reset: resetWorld,
    },
  ],
  roles: [recycler, failedReadahead, finder],
  outcomes: referenceOutcomes,
  classify: classifyReferences,
  widening: { point: 'under-io:read', ns: 2000 },
  pages: 1,
  control: 'none',
  fix: 'private-handshake',
};
