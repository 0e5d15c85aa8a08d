/** A rate in violations per million trials with its interval. */
export interface Rate {
  readonly perMillion: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided for a rate, one-sided for the bound of a zero. */
  readonly confidence: number;
  /** Variance of block rates over that of independent trials; that of the control where the arm has no violations. */
  readonly designEffect: number | null;
  /** Blocks that the rate rests on: those that were not rejected. */
  readonly blocks: number;
  /** Starts of the threads that the interval rests on; 0 where they were too few, so that it holds for these starts only. */
  readonly starts: number;
  /** Of how many placements of the actors its blocks are, so that it is a mean over them; absent where it is one. */
  readonly placements?: number;
  /** Between which rates the middle 80 % of the blocks lie, and their median; null without blocks. */
  readonly blockQuantiles: { readonly low: number; readonly median: number; readonly high: number } | null;
}
