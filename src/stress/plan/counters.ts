import { CHECK_COUNT } from '../../model/check.ts';
import { Note, NOTE_COUNT } from '../../model/note.ts';
import { OUTCOMES_MAX } from '../../scenario/scenario.ts';

/** Words of an actor's counters of one block: outcomes, notes, checks, in this order. */
export const OUTCOME_COUNTERS = 0;
export const NOTE_COUNTERS: number = OUTCOME_COUNTERS + OUTCOMES_MAX;
export const CHECK_COUNTERS: number = NOTE_COUNTERS + NOTE_COUNT;
export const COUNTER_COUNT: number = CHECK_COUNTERS + CHECK_COUNT;

/** The notes that are counted: what results tell of beside the outcome. The others only decide which outcome it is. */
export const COUNTED_NOTES: number =
  Note.DyingFound | Note.TreeRefStripped | Note.ReadUnverified | Note.Rescued;
