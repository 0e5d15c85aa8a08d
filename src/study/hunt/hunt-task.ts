/** What the threads of `hunt` are asked and answer: plain data. */
import type { Finding } from './hunt-result.ts';
import type { ProgramLimits, ProgramSearch } from './search-program.ts';

interface HuntTaskBase {
  readonly kernel: string;
  /** A name, or the path of a plug-in. */
  readonly strategy: string;
  readonly limits: ProgramLimits;
}

/** Programs to be searched, by their texts. */
export interface SearchTask extends HuntTaskBase {
  readonly kind: 'search';
  readonly against: string | null;
  readonly programs: readonly string[];
}

/** A violation of a program to be looked at. */
export interface FindingTask extends HuntTaskBase {
  readonly kind: 'finding';
  readonly against: string | null;
  readonly program: string;
  readonly invariant: string;
}

/** What a thread does. */
export type HuntTask = SearchTask | FindingTask;

/** Of each program, in their order. */
export type SearchAnswer = readonly ProgramSearch[];
export type FindingAnswer = Finding;
