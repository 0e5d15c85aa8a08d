import { lifeOf } from '../subject.ts';
import { putAboveTwo, putAboveOne } from '../strategies/put-threshold.ts';
import type { ExtentBufferLife } from '../extent-buffer-life.ts';
import { EB_BFLAGS, FS_TREE_SLOT } from '../../v5.7/layout.ts';
import { type FsInfo, type Geometry, NULL } from '../../../../memory/layout.ts';
import { EXTENT_BUFFER_STALE } from '../../v5.7/bflags.ts';
import { lifeAtRest } from '../at-rest.ts';
import { Check } from '../check.ts';
import { Note } from '../../v5.7/note.ts';
import { find, put, QUIET, startBuffer } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Outcome, Role, Scenario } from '../../../../scenario/scenario.ts';

const path: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'path',
  summary: 'finds the buffer, and lets go of it',
  program: [find, put],
};

const deleterOfStale: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'staler',
  summary: 'has the buffer since before the trial and lets the tree forget it: free_extent_buffer_stale',
  program: [
    {
      name: 'free_extent_buffer_stale',
      run: (context) => {
        context.model.freeExtentBufferStale(startBuffer(context));
        return 0;
      },
    },
  ],
};

const outcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  { name: 'gone', grade: 'ACCEPTABLE', summary: 'the last put released the buffer' },
  { name: 'kept', grade: 'ACCEPTABLE', summary: 'the buffer was kept' },
];

/** As `lifeAtRest`, and a stale buffer that nobody uses is gone: nothing but reclaim would release it now. */
function atRest(words: Int32Array, geometry: Geometry, fs: FsInfo): number {
  const broken = lifeAtRest(words, geometry, fs);
  if (broken !== 0) return broken;
  const eb = words[fs + FS_TREE_SLOT] ?? NULL;
  return eb !== NULL && ((words[eb + EB_BFLAGS] ?? 0) & (1 << EXTENT_BUFFER_STALE)) !== 0 ? Check.Q7 : 0;
}

/**
 * The threshold of 2013: free_extent_buffer drops references without the refs_lock as long as more than 3 are left, those of the
 * tree, of the caller and one to spare, so that the count comes to 2 under the lock only. That is where the last user of a stale
 * buffer takes the tree's reference: two that pass each other on the way there leave the buffer behind.
 *
 * Not a race that any kernel had: its controls are that commit with a lower threshold.
 */
export const lastPuts: Scenario = {
  ...lifeOf({
    kernels: [putAboveTwo, putAboveOne],
    sides: [['freeExtentBufferStale'], ['findExtentBuffer']],
    violating: ['put-above-two', 'put-above-one'],
  }),
  name: 'last-puts',
  summary: 'several paths let go of a stale buffer at once',
  origin: 'Linux 242e18c7c1a8, "Btrfs: reduce lock contention on extent buffer locks"',
  history: {
    year: 2013,
    commit: '242e18c7c1a8',
    title: 'reduce lock contention on extent buffer locks',
    symptom: 'a stale buffer is left behind, with a threshold lower than the commit has: no kernel had this',
    breaks: ['Q7'],
  },
  leavesOut: 'what makes the buffer stale: one path says so',
  starts: [
    {
      name: 'held',
      summary: 'the buffer is in the tree and up to date: refs 2, those of the tree and of one path',
      actors: [
        { role: 'staler', count: 1 },
        { role: 'path', count: 2 },
      ],
      buffers: 1,
      stride: 16,
      serves: { staler: 1 },
      reset: withBuffer({ refs: 2 }),
    },
  ],
  roles: [deleterOfStale, path],
  outcomes,
  classify: (notes) => ((notes & Note.LastPut) !== 0 ? 1 : 2),
  atRest,
  widening: { point: 'under-io:read', ns: 300 },
  pages: 1,
  control: 'put-above-two',
  fix: 'none',
};
