/** What `--tune` found: plain data, part of the result of the run that uses it. */

/** One setting that was tried. */
export interface TunedSetting {
  /** Trials between two rendezvous; null where the actors meet in every trial. */
  readonly stride: number | null;
  /** Worlds that take turns; null where the actors meet in every trial. */
  readonly worlds: number | null;
  /** Start offset in ns; null where the actors meet once per stride. */
  readonly offsetNs: number | null;
  /** Label of the actor that touches the memory last; null where the actors meet once per stride. */
  readonly lastToucher: string | null;
  /** How long it was measured in the last round that it took part in, and what that showed. */
  readonly seconds: number;
  readonly trials: number;
  readonly violations: number;
  readonly violationsPerSecond: number;
  /** Rounds it took part in, from 1. */
  readonly rounds: number;
}

/** The search for the setting with most violations per second. */
export interface Tuning {
  /** The strategy it was tuned with: a fix has no violations to go by. */
  readonly strategy: string;
  readonly elapsedMs: number;
  readonly tried: number;
  /** How many of them violated at all. */
  readonly withHits: number;
  /** The setting without tuning. */
  readonly untuned: TunedSetting;
  /** The best of the others; null if none of them violated. */
  readonly best: TunedSetting | null;
  /** Those that were still in when the last rounds began, best first. */
  readonly leaders: readonly TunedSetting[];
  /** Violations per second of the best over those of the untuned setting, in interleaved blocks; null without either. */
  readonly gain: { readonly median: number; readonly low: number; readonly high: number } | null;
  /** Whether the run uses the best: it does not where the natural setting is no worse. */
  readonly isUsed: boolean;
}
