/** What runs of one configuration come to together: plain data, printed as JSON as it stands. */
import type { WithWords } from '../../catalog/words.ts';
import type { Expectation } from '../../fix/strategy.ts';
import type { MergedShards, Shard } from '../../stats/shard.ts';
import type { ArmVerdict, CompareResult, RunConfig, StressResult } from '../../stress/result/result.ts';
import type { AgreedCompareResult } from '../agreement.ts';

/** One of the runs. */
export interface MergedPart {
  readonly seed: number;
  readonly shard: Shard | null;
  /** As in `Machine`; null where the journal does not say. */
  readonly startedAt: string | null;
  readonly elapsedMs: number;
  /** Whether it was run to the end that it was asked for. */
  readonly isWhole: boolean;
}

/** All runs on one machine whose actors lay to each other in the same way: rates are of one of these, never of several. */
export interface Stratum {
  /** What tells it from the others: its host, with a number where others have that name, too. */
  readonly name: string;
  readonly parts: readonly MergedPart[];
  /** The runs as one, with the starts of all of them. Its claims hold together with those of the other strata (95 %). */
  readonly result: AgreedCompareResult | StressResult;
}

/** An arm over all strata. */
export interface MergedArm {
  readonly strategy: string;
  readonly expectation: Expectation;
  readonly isControl: boolean;
  /** `violated` if it is in any stratum, `clean` if it is in all of them. */
  readonly verdict: ArmVerdict;
  /** Names of the strata that show nothing of it: where a control is silent a zero says nothing, whatever it did elsewhere. */
  readonly inconclusiveIn: readonly string[];
}

/** A control against a fix in one stratum. */
export interface MergedComparison {
  readonly stratum: string;
  readonly control: string;
  readonly strategy: string;
  /** As in `Comparison`; null where it cannot be computed. */
  readonly pValue: number | null;
  /** The same over all fixes and all strata that are compared with this control (Holm). */
  readonly pValueHolm: number | null;
}

/** `ebtorture merge` of journals of `compare` or `stress`. */
export interface MergedRunResult extends WithWords {
  readonly schema: 'ebtorture.merge/1';
  readonly command: 'compare' | 'stress';
  /** As the command has it; what a stratum shows by itself stands there. */
  readonly verdict: (CompareResult | StressResult)['verdict'];
  /** That of all runs; `seed` is that of the first one, and `memoryBytes`, too. */
  readonly config: Omit<RunConfig, 'shard'>;
  /** Null where the runs were no shards. */
  readonly shards: MergedShards | null;
  readonly arms: readonly MergedArm[];
  readonly comparisons: readonly MergedComparison[];
  readonly strata: readonly Stratum[];
  /** Of all runs together, in ms. */
  readonly elapsedMs: number;
  /** Whether a run was cut, or a shard is missing: this is what was measured so far. */
  readonly isInterrupted: boolean;
  /** What a reader should know, a sentence each. */
  readonly notices: readonly string[];
}
