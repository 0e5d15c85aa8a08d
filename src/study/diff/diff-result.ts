/** What `diff` gives back: plain data, printed as JSON as it stands. */

/** Each of the two results that were compared, in the order in which they were named. */
export interface DiffSide {
  /** The file, as it was named. */
  readonly file: string;
  /** When its measurement began, ISO 8601, and where; null where it does not say. */
  readonly startedAt: string | null;
  readonly host: string | null;
  /** Whether it is of a command that was ended before its time. */
  readonly isInterrupted: boolean;
}

/** What the two were measured with, or on, and differs between them. */
export interface DiffDifference {
  readonly what: string;
  /** A dash where one of them does not say. */
  readonly a: string;
  readonly b: string;
}

/**
 * - `same`: any difference is within the margin.
 * - `different`: there is one, beyond chance.
 * - `not-told`: neither can be said.
 */
export type DiffVerdict = 'same' | 'different' | 'not-told';

/** What is one word or number on either side, and no measurement: verdicts, fates, counts of a complete search. */
export interface DiffFact {
  /** Of which arm, mutant, race or finding; empty where it is the result itself. */
  readonly subject: string;
  readonly what: string;
  readonly a: string;
  readonly b: string;
  readonly verdict: DiffVerdict;
  /** Why it is not told; null where it is. */
  readonly reason: string | null;
}

/** A measurement on one side with its interval. */
export interface DiffEstimate {
  /** 0 is no estimate but a bound: `to`, one-sided. */
  readonly value: number;
  /** The interval; null for infinity. */
  readonly from: number | null;
  readonly to: number | null;
}

/** What was measured on both sides. */
export interface DiffFigure {
  readonly subject: string;
  readonly what: string;
  /** Such as `per million trials`, `per second`, `ns`. */
  readonly unit: string;
  readonly a: DiffEstimate;
  readonly b: DiffEstimate;
  /**
   * What B is to A: b / a, and of positions b - a in `unit`. `value` is null where one of the two is 0, so that there are bounds alone;
   * all of it is null where nothing can be said.
   */
  readonly change: {
    readonly kind: 'ratio' | 'shift';
    readonly value: number | null;
    /** The interval, of `confidence` by itself; null for infinity. */
    readonly from: number | null;
    readonly to: number | null;
  } | null;
  /** What `same` lets the change be: a factor for a ratio, a distance for a shift. */
  readonly margin: number;
  /** Probability of a change as large where there is none; null where nothing can be said. */
  readonly pValue: number | null;
  /** The same over all figures (Holm): at most 1 - `confidence` is `different`. */
  readonly pValueHolm: number | null;
  /** `no-events`: there is none on either side, and so nothing to compare. It counts for no verdict. */
  readonly verdict: DiffVerdict | 'no-events';
  /** Why it is not told; null where it is. */
  readonly reason: string | null;
}

/** `ebtorture diff`. */
export interface DiffResult {
  readonly schema: 'ebtorture.diff/1';
  /** The command that both are of. */
  readonly command: string;
  /** `different` if any fact or figure is, and else `not-told` if any is. */
  readonly verdict: DiffVerdict;
  /** Of each interval; `different` is said with it of all figures together. */
  readonly confidence: number;
  /** The share by which figures may differ and still be the same, such as 0.1. */
  readonly margin: number;
  readonly a: DiffSide;
  readonly b: DiffSide;
  readonly differences: readonly DiffDifference[];
  readonly facts: readonly DiffFact[];
  readonly figures: readonly DiffFigure[];
  /** What a reader should know, a sentence each. */
  readonly notes: readonly string[];
}
