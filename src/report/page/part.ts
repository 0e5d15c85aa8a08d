/** What the page has of one result: a function of the result, the schedules that were played for it, and numbers for witnesses. */
import type { Replays } from './replays.ts';

/** What a result is shown with. */
export interface Context {
  readonly replays: Replays;
  /** An id that no other witness of the page has. */
  readonly nextWitness: () => string;
  /** What stands there already, by schedule: its id. */
  readonly shown: Map<string, string>;
}

/** One result on the page. */
export interface Part {
  /** What was asked, a question. */
  readonly question: string;
  /** Where and with what, each with its name. */
  readonly facts: readonly Fact[];
  /** What it says of each, in sentences; empty where it was not asked. */
  readonly answer: Answer;
  /** Markup, in the order of a page. */
  readonly body: (context: Context) => readonly string[];
}

export type Fact = readonly [name: string, value: string];

/** The three lines. */
export interface Answer {
  readonly proof: readonly string[];
  readonly hardware: readonly string[];
  readonly power: readonly string[];
}

/** Nothing was asked. */
export const NO_ANSWER: Answer = { proof: [], hardware: [], power: [] };
