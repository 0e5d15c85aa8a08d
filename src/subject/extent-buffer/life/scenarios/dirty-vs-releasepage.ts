import { lifeOf } from '../subject.ts';
import { unlockedCheck } from '../strategies/unlocked-check.ts';
import { lockedCheck } from '../strategies/locked-check.ts';
import { Note } from '../../v5.7/note.ts';
import { reclaim, recycler } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Outcome, Scenario } from '../../../../scenario/scenario.ts';

const outcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  {
    name: 'stripped',
    grade: 'INTERESTING',
    summary: 'releasepage took TREE_REF from a live user; no harm done',
  },
  { name: 'anew', grade: 'ACCEPTABLE', summary: 'the buffer was released, and the block got a new one' },
  { name: 'changed', grade: 'ACCEPTABLE', summary: 'the buffer was found, changed and kept' },
];

function classify(notes: number): number {
  if ((notes & Note.TreeRefStripped) !== 0) return 1;
  return (notes & Note.Allocated) !== 0 ? 2 : 3;
}

/**
 * The race of July 2012. releasepage decides that nobody uses the buffer, and takes TREE_REF; in between somebody takes a reference,
 * sees the bit and makes the buffer dirty, whose last put is then his own.
 *
 * The kernel of 2020 has the window again: since 242e18c7c1a8 (2013) check_buffer_tree_ref takes no lock where refs are 2 and the bit
 * is set, and the fix of 2020 closes it for reads only. The buffer that is changed is one
 * that is cached, clean and not STALE: somebody has read a block ahead that was free, and now it is handed out.
 */
export const dirtyVsReleasepage: Scenario = {
  ...lifeOf({
    kernels: [unlockedCheck, lockedCheck],
    sides: [['btrfsInitNewBuffer'], ['btreeReleasepage']],
    violating: [
      'unlocked-check',
      'none',
      'early-check',
      'locked-io-pages',
      'upstream',
      'recheck-release',
      'bio-ref',
    ],
  }),
  name: 'dirty-vs-releasepage',
  summary: 'the buffer of a block that is used again is changed while reclaim releases it',
  origin: 'Linux 594831c4b232, "Btrfs: fix potential race in extent buffer freeing"',
  history: {
    year: 2012,
    commit: '594831c4b232',
    title: 'fix potential race in extent buffer freeing',
    symptom: 'a buffer that was just made dirty is freed',
    breaks: ['B1', 'B8'],
  },
  leavesOut: 'the transaction, and the readahead that has brought the free block into the cache',
  starts: [
    {
      name: 'clean',
      summary: 'the buffer is in the tree, up to date and clean, refs 1',
      actors: [
        { role: 'recycler', count: 1 },
        { role: 'reclaim', count: 1 },
      ],
      buffers: 1,
      stride: 64,
      reset: withBuffer({ refs: 1 }),
    },
  ],
  roles: [recycler, reclaim],
  outcomes,
  classify,
  widening: { point: 'under-io:read', ns: 300 },
  pages: 1,
  control: 'unlocked-check',
  fix: 'locked-check',
};
