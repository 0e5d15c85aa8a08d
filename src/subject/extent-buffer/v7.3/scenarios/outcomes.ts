import type { Outcome } from '../../../../scenario/scenario.ts';
import { Note } from '../note.ts';

/** How trials may end, most remarkable first: all scenarios of today's kernels have these. */
export const outcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  {
    name: 'stripped',
    grade: 'INTERESTING',
    summary: 'releasepage took TREE_REF from a live user: the buffer goes with its last put',
  },
  { name: 'dying', grade: 'INTERESTING', summary: 'a buffer was met that had no references left' },
  { name: 'handshake', grade: 'INTERESTING', summary: 'a STALE buffer was found, and its put waited for' },
  { name: 'freed', grade: 'ACCEPTABLE', summary: 'a folio was taken from its buffer and freed' },
  { name: 'released', grade: 'ACCEPTABLE', summary: 'the buffer was released' },
  { name: 'read-failed', grade: 'ACCEPTABLE', summary: 'a read failed, and was handled' },
  { name: 'kept', grade: 'ACCEPTABLE', summary: 'the buffer stayed' },
];

/** The outcome of a trial without a violation, as an index into `outcomes`. */
export function classify(notes: number): number {
  if ((notes & Note.TreeRefStripped) !== 0) return 1;
  if ((notes & Note.DyingFound) !== 0) return 2;
  if ((notes & Note.StaleHandshake) !== 0) return 3;
  if ((notes & Note.FolioFreed) !== 0) return 4;
  if ((notes & (Note.Released | Note.LastPut)) !== 0) return 5;
  return (notes & Note.ReadFailed) !== 0 ? 6 : 7;
}
