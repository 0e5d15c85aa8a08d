/** What a block of a setting showed. */
export interface TuneCount {
  readonly trials: number;
  readonly violations: number;
  readonly seconds: number;
  /** Null where the actors did not answer each other. */
  readonly roundTripNs: number | null;
}
