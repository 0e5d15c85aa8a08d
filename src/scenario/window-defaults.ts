/** What a window profile is unless told otherwise. */
interface WindowDefaults {
  readonly durationMs: number;
  /** Offsets at most. */
  readonly points: number;
  /** First and last offset in ns. */
  readonly rangeNs: readonly [number, number];
}

/** Defaults of `window`; the strategy, the pages and the rest are those of every run. */
export const WINDOW_DEFAULTS: WindowDefaults = { durationMs: 12_000, points: 48, rangeNs: [-1000, 1000] };
