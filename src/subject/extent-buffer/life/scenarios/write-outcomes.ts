import { Note } from '../../v5.7/note.ts';
import { LifeNote } from '../note.ts';
import type { Outcome } from '../../../../scenario/scenario.ts';

/** How trials may end in which a buffer is written. */
export const writeOutcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  { name: 'write-failed', grade: 'ACCEPTABLE', summary: 'a write failed and the error was handled' },
  { name: 'written-released', grade: 'ACCEPTABLE', summary: 'the buffer was written back, and released' },
  { name: 'written', grade: 'ACCEPTABLE', summary: 'the buffer was written back and kept' },
  { name: 'released', grade: 'ACCEPTABLE', summary: 'the buffer was released, nothing was written' },
  { name: 'idle', grade: 'ACCEPTABLE', summary: 'neither' },
];

/** The outcome of a trial without a violation, as an index into `writeOutcomes`. */
export function classifyWrites(notes: number): number {
  if ((notes & LifeNote.WriteFailed) !== 0) return 1;
  const isReleased = (notes & (Note.Released | Note.LastPut)) !== 0;
  if ((notes & LifeNote.Written) !== 0) return isReleased ? 2 : 3;
  return isReleased ? 4 : 5;
}
