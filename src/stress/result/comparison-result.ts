/** What a run says of its fixes against its controls: plain data, part of its result. */

/** A control against a fix of the same run. */
export interface Comparison {
  readonly control: string;
  readonly strategy: string;
  /**
   * The control's rate is at least this many times the strategy's (95 % over all fixes of the run), if what the fix leaves
   * is a thinning of the control's violations: each survives with the same chance, on its own. Null: nothing can be said.
   */
  readonly reductionAtLeast: number | null;
  /** The same if what it leaves came in bursts as large as the control's. */
  readonly reductionAtLeastInBursts: number | null;
  /** Probability of a difference as large if both had the same rate; null where it cannot be computed. */
  readonly pValue: number | null;
  /** The same over all fixes that are compared with this control (Holm). */
  readonly pValueHolm: number | null;
  /** What the strategy's silence is worth; null if it violated, or the control did not. */
  readonly silence: Silence | null;
  /** Trials per second of the strategy over the control's, in pairs of adjacent blocks, over starts; null without a pair. */
  readonly throughputRatio: { readonly median: number; readonly low: number; readonly high: number } | null;
}

/** What a run without a violation of a fix can show of a `fold`-fold reduction; `inBursts` as in `Comparison`. */
export interface Silence {
  /** `--fold`. */
  readonly fold: number;
  /** Probability that the fix would have violated in this run, had it left 1/fold of the control's rate. */
  readonly power: number;
  readonly powerInBursts: number;
  /** Length of a run that claims the reduction with probability 0.9, in ms; null if none does. */
  readonly lengthMs: number | null;
  /** `--starts` of such a run, where it needs more than it would have unasked. */
  readonly starts?: number;
  readonly lengthInBurstsMs: number | null;
  readonly startsInBursts?: number;
}
