import { Note } from '../../v5.7/note.ts';
import { LifeNote } from '../note.ts';
import type { Outcome } from '../../../../scenario/scenario.ts';

/** How trials may end in which a block gets its buffer, old or new. */
export const referenceOutcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  { name: 'dying', grade: 'INTERESTING', summary: 'the old buffer was met without references, and replaced' },
  { name: 'through-page', grade: 'INTERESTING', summary: 'the buffer was found through page->private' },
  { name: 'anew', grade: 'ACCEPTABLE', summary: 'the block got a new buffer' },
  { name: 'found', grade: 'ACCEPTABLE', summary: 'the buffer was found and used' },
  { name: 'idle', grade: 'ACCEPTABLE', summary: 'nobody came to use the block' },
];

/** The outcome of a trial without a violation, as an index into `referenceOutcomes`. */
export function classifyReferences(notes: number): number {
  if ((notes & Note.ExistsPage) !== 0) return 2;
  if ((notes & Note.DyingFound) !== 0) return 1;
  if ((notes & Note.Allocated) !== 0) return 3;
  return (notes & (Note.Found | LifeNote.Dirtied)) !== 0 ? 4 : 5;
}
