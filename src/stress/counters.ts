import { CHECK_COUNT } from '../model/check.ts';
import { NOTE_COUNT } from '../model/note.ts';

/** Words of an actor's counters of one block: outcomes, notes, checks, in this order. */
export const OUTCOME_COUNTERS = 0;
/** Room for as many outcomes as a scenario may define. */
const OUTCOMES_MAX = 16;
export const NOTE_COUNTERS: number = OUTCOME_COUNTERS + OUTCOMES_MAX;
export const CHECK_COUNTERS: number = NOTE_COUNTERS + NOTE_COUNT;
export const COUNTER_COUNT: number = CHECK_COUNTERS + CHECK_COUNT;
