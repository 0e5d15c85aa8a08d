import { lifeOf } from '../subject.ts';
import { noHandshake } from '../strategies/no-handshake.ts';
import { EXTENT_BUFFER_STALE } from '../../v5.7/bflags.ts';
import { Note } from '../../v5.7/note.ts';
import { LifeNote } from '../note.ts';
import { allocator, deleter, holder, recycler } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Outcome, Scenario } from '../../../../scenario/scenario.ts';

const outcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  {
    name: 'handshake',
    grade: 'INTERESTING',
    summary: 'the stale buffer was found, and its last put waited for',
  },
  { name: 'anew', grade: 'ACCEPTABLE', summary: 'the stale buffer went, and the block got a new one' },
  { name: 'recycled', grade: 'ACCEPTABLE', summary: 'the buffer was used again' },
  { name: 'idle', grade: 'ACCEPTABLE', summary: 'nobody came to use the block again' },
];

function classify(notes: number): number {
  if ((notes & Note.StaleHandshake) !== 0) return 1;
  if ((notes & Note.Allocated) !== 0) return 2;
  return (notes & LifeNote.Dirtied) !== 0 ? 3 : 4;
}

/**
 * The race of April 2015. A leaf is deleted: its buffer is STALE and goes with the last path that has it, if that finds nobody
 * else: refs 2, no IO. Between that look and the taking of TREE_REF the block is given to somebody else, who finds the buffer, sees
 * TREE_REF, clears STALE and makes it dirty; the path takes the tree's reference, and the new owner drops the last one of a dirty
 * buffer.
 *
 * One block, so that the free space cache is a word, and the parent of the leaf, which the deleter changes, is left out. The block
 * is handed out again before free_extent_buffer_stale, as it may be (btrfs_free_tree_block comes first).
 */
export const staleReuse: Scenario = {
  ...lifeOf({
    kernels: [noHandshake],
    sides: [['freeExtentBuffer'], ['btrfsInitNewBuffer']],
    violating: ['no-handshake'],
  }),
  name: 'stale-reuse',
  summary: 'a block that was just deleted is used again while the last path to its old buffer lets go',
  origin: 'Linux 062c19e9dd69, "Btrfs: fix race when reusing stale extent buffers that leads to BUG_ON"',
  history: {
    year: 2015,
    commit: '062c19e9dd69',
    title: 'fix race when reusing stale extent buffers that leads to BUG_ON',
    symptom: 'a stale buffer is used again and freed dirty',
    breaks: ['B1'],
  },
  leavesOut: 'the parent of the leaf; the free space cache is one word',
  starts: [
    {
      name: 'stale',
      summary: 'the leaf has been deleted: its buffer is STALE, refs 2, those of the tree and of one path',
      actors: [
        { role: 'holder', count: 1 },
        { role: 'recycler', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      serves: { holder: 1, deleter: 0 },
      reset: withBuffer({ refs: 2, bflags: [EXTENT_BUFFER_STALE] }),
    },
    {
      name: 'deleting',
      summary: 'the leaf is dirty and about to be deleted: refs 3, those of the tree and of two paths',
      actors: [
        { role: 'holder', count: 1 },
        { role: 'deleter', count: 1 },
        { role: 'allocator', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      serves: { holder: 1, deleter: 1 },
      reset: withBuffer({ refs: 3, isDirty: true }),
    },
  ],
  roles: [holder, recycler, deleter, allocator],
  outcomes,
  classify,
  widening: { point: 'under-io:read', ns: 500 },
  pages: 1,
  control: 'no-handshake',
  fix: 'none',
};
