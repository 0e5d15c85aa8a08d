import { Note } from '../../v5.7/note.ts';
import type { Outcome } from '../../../../scenario/scenario.ts';

/** How trials may end in which a buffer is read. */
export const readOutcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  { name: 'reread', grade: 'ACCEPTABLE', summary: 'a read failed, another one did not' },
  { name: 'read-failed', grade: 'ACCEPTABLE', summary: 'a read failed and the error was handled' },
  { name: 'read', grade: 'ACCEPTABLE', summary: 'the buffer was read' },
  { name: 'known', grade: 'ACCEPTABLE', summary: 'the buffer was up to date' },
  { name: 'idle', grade: 'ACCEPTABLE', summary: 'nothing was read' },
];

/** The outcome of a trial without a violation, as an index into `readOutcomes`. */
export function classifyReads(notes: number): number {
  const isCompleted = (notes & Note.ReadCompleted) !== 0;
  if ((notes & Note.ReadFailed) !== 0) return isCompleted ? 1 : 2;
  if (isCompleted) return 3;
  return (notes & Note.AlreadyUptodate) !== 0 ? 4 : 5;
}
