import { CHECK_COUNT } from '../../model/check.ts';
import type { Scenario, ScenarioLitmus } from '../../scenario/scenario.ts';

/** Words of an actor's counters of one block: notes, one for each bit of a word, then checks, then outcomes. */
export const NOTE_COUNTERS = 0;
/** Bits of a word of notes. */
export const NOTE_BITS = 32;
export const CHECK_COUNTERS: number = NOTE_COUNTERS + NOTE_BITS;
export const OUTCOME_COUNTERS: number = CHECK_COUNTERS + CHECK_COUNT;

/** How many words they are. Behind them, of a litmus test, is the table of its final states: see `stateTable`. */
export function counterCount({ outcomes, litmus }: Pick<Scenario, 'outcomes' | 'litmus'>): number {
  return OUTCOME_COUNTERS + outcomes.length + (litmus === undefined ? 0 : stateTable(litmus).words);
}

/** Different final states that one actor counts in a block. */
const STATES_MAX = 256;

/** A table of final states: rows of a count and of the values observed; those with a count of 0 are free. */
export interface StateTable {
  readonly rows: number;
  readonly rowWords: number;
  readonly words: number;
}

/** That of a test. */
export function stateTable({ observedAt }: Pick<ScenarioLitmus, 'observedAt'>): StateTable {
  const rowWords = 1 + observedAt.length;
  return { rows: STATES_MAX, rowWords, words: STATES_MAX * rowWords };
}

/** The notes that are counted: what results tell of beside the outcome. The others only decide which outcome it is. */
export function countedNotes({ measures = [] }: Pick<Scenario, 'measures'>): number {
  return measures.reduce((notes, { note }) => notes | note, 0);
}

/** The counter of a note among those of all bits. */
export function noteIndex(note: number): number {
  return 31 - Math.clz32(note);
}
