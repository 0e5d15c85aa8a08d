import { lifeOf } from '../subject.ts';
import { gapBeforeWriteback, lockedTransition, privateLocked } from '../strategies/writeback-of-2012.ts';
import { committer, endIo, reclaim } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';
import { classifyWrites, writeOutcomes } from './write-outcomes.ts';

/**
 * The race of 20 July 2012. A writer clears DIRTY and then sets WRITEBACK; a releasepage in between finds neither, and the buffer
 * that is about to be written loses the tree's reference.
 *
 * It takes a page that is not dirty when releasepage looks at it, and refs that have not been raised yet, so that the buffer is
 * changed and written while releasepage is at work. The writer of that time reads page->private without the private_lock, under which
 * releasepage looks at refs: since b5bae2612af9 (September 2012) the two cannot overlap, and the refs_lock is not needed against
 * releasepage any more. Both kernels have the check_buffer_tree_ref of 594831c4b232, since the race of that one would be met
 * before this.
 */
export const writebackGap: Scenario = {
  ...lifeOf({
    kernels: [gapBeforeWriteback, lockedTransition, privateLocked],
    sides: [['btrfsInitNewBuffer'], ['btreeReleasepage']],
    violating: [
      'gap-before-writeback',
      'none',
      'early-check',
      'locked-io-pages',
      'upstream',
      'recheck-release',
      'bio-ref',
    ],
  }),
  name: 'writeback-gap',
  summary: 'a buffer is on its way from dirty to writeback while reclaim releases it',
  origin: 'Linux 51561ffec961, "Btrfs: lock the transition from dirty to writeback for an eb"',
  history: {
    year: 2012,
    commit: '51561ffec961',
    title: 'lock the transition from dirty to writeback for an eb',
    symptom: 'neither DIRTY nor WRITEBACK is set: the buffer is freed before it is written',
    breaks: ['B1'],
  },
  leavesOut: 'the pages of other blocks, and the transaction',
  starts: [
    {
      name: 'clean',
      summary: 'the buffer is in the tree, up to date and clean, refs 1',
      actors: [
        { role: 'committer', count: 1 },
        { role: 'reclaim', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      reset: withBuffer({ refs: 1 }),
    },
  ],
  roles: [committer, reclaim, endIo],
  outcomes: writeOutcomes,
  classify: classifyWrites,
  pages: 1,
  control: 'gap-before-writeback',
  fix: 'locked-transition',
};
