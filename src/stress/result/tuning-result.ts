/** What `--tune` found: plain data, part of the result of the run that uses it. */

/** How the actors of a setting keep together. */
export interface TunedPace {
  /** Trials between two rendezvous; null where actor 0 lets all actors go in every trial. */
  readonly stride: number | null;
  /** Worlds that take turns; null where actor 0 lets all actors go in every trial. */
  readonly worlds: number | null;
  /** Worlds from the first of a stride to that of the next; null where strides follow each other without a gap. */
  readonly spacing: number | null;
  /** Start offset in ns; null where there is none. */
  readonly offsetNs: number | null;
  /** Up to how much later still the actors of the first role start, at random; null where there is none. */
  readonly jitterNs: number | null;
  /** Label of the actor that touches the memory last; null where all actors share that. */
  readonly lastToucher: string | null;
}

/** One setting that was tried. */
export interface TunedSetting extends TunedPace {
  /** How long it was measured in the last round that it took part in, and what that showed. */
  readonly seconds: number;
  readonly trials: number;
  readonly violations: number;
  readonly violationsPerSecond: number;
  /** Rounds it took part in, from 1. */
  readonly rounds: number;
}

/** Violations per second of a setting over those of the untuned one, in one placement of the cores. */
export interface TuningGain {
  /** Median round trip in ns, and the shortest and longest that belong to it; null where the actors cannot run side by side. */
  readonly roundTripNs: number | null;
  readonly rangeNs: readonly [low: number, high: number] | null;
  /** Starts of the threads that it rests on. */
  readonly starts: number;
  readonly ratio: number;
  readonly low: number;
  /** Null for no bound: with so few starts nothing is decided. */
  readonly high: number | null;
  /** Whether the run uses the setting in this placement. */
  readonly isUsed: boolean;
}

/** The search for the setting with most violations per second. */
export interface Tuning {
  /** The strategy it was tuned with: a fix has no violations to go by. */
  readonly strategy: string;
  readonly elapsedMs: number;
  readonly tried: number;
  /** How many of them violated at all. */
  readonly withHits: number;
  /** The setting without tuning; its counts are those of the confirmation. */
  readonly untuned: TunedSetting;
  /** The one that the verdict is about, with the counts of the confirmation; null if no other setting violated. */
  readonly best: TunedSetting | null;
  /** Those that were still in when the last rounds of the search began, best first. */
  readonly leaders: readonly TunedSetting[];
  /**
   * `used`: shown to be better in one placement of the cores at least, with `naturalMargin` times the untuned violations per
   * second or more, and used there. `natural-best`: every confirmed one is shown to stay below that, in every placement of which
   * enough is known. `not-shown`: neither. `silent`: no other setting violated.
   */
  readonly verdict: 'used' | 'natural-best' | 'not-shown' | 'silent';
  /** Gain of the best, by placement, the one with most starts first; both blocks of each pair met the same one. */
  readonly gains: readonly TuningGain[];
  readonly naturalMargin: number;
  /** Of each interval. Those of one placement, over all settings that were confirmed and all looks, have 95 % together. */
  readonly confidence: number;
  /** Starts of the threads that confirmed, and how often their counts were looked at. */
  readonly starts: number;
  readonly looks: number;
  /** Whether the run uses the best, in the placements that `gains` says; it has the natural setting in the others. */
  readonly isUsed: boolean;
}
