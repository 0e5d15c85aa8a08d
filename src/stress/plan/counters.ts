import { CHECK_COUNT } from '../../model/check.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** Words of an actor's counters of one block: notes, one for each bit of a word, then checks, then outcomes. */
export const NOTE_COUNTERS = 0;
/** Bits of a word of notes. */
export const NOTE_BITS = 32;
export const CHECK_COUNTERS: number = NOTE_COUNTERS + NOTE_BITS;
export const OUTCOME_COUNTERS: number = CHECK_COUNTERS + CHECK_COUNT;

/** How many words they are. */
export function counterCount({ outcomes }: Pick<Scenario, 'outcomes'>): number {
  return OUTCOME_COUNTERS + outcomes.length;
}

/** The notes that are counted: what results tell of beside the outcome. The others only decide which outcome it is. */
export function countedNotes({ measures = [] }: Pick<Scenario, 'measures'>): number {
  return measures.reduce((notes, { note }) => notes | note, 0);
}

/** The counter of a note among those of all bits. */
export function noteIndex(note: number): number {
  return 31 - Math.clz32(note);
}
