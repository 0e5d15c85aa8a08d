import type { PlacesConfig } from '../stress/plan/places-config.ts';
import type { Environment } from '../stress/host/machine-facts.ts';
import type { ExploreVerdict } from '../explore/explore.ts';
import type { MergedShards, Shard } from '../stats/shard.ts';
import type { Rung } from './mutate-ladder.ts';

/** What `mutate` gives back: plain data, printed as JSON as it stands, and taken up again by `--resume`. */

/** What the search of all schedules says of a mutant. */
export interface MutantProof {
  /**
   * `equivalent`: no schedule of any setting that reaches the step violates, and in one at least all of what is to run does.
   * `vacuous`: none violates, but everywhere the change keeps part of what was to run from running at all, so that it has not
   * survived anything. `bounded`: a limit ended a search.
   */
  readonly verdict: 'killed' | 'equivalent' | 'vacuous' | 'bounded';
  /** Ids of what is violated in the setting that kills it. */
  readonly invariants: readonly string[];
  /** The setting that kills it: an index into `ladder`; null if none does. */
  readonly rung: number | null;
  /** Settings that were searched to their ends and held: indices into `ladder`. */
  readonly held: readonly number[];
  /** Settings that were searched to their ends and showed nothing; absent where there is none. */
  readonly vacuousIn?: readonly number[];
  /** The witness with the fewest preemptions, as `replay` takes it; null if there is none. */
  readonly witness: {
    readonly invariant: string;
    readonly schedule: string;
    readonly steps: number;
    readonly preemptions: number;
  } | null;
  /** States of all searches. */
  readonly states: number;
  /** Why it is bounded or vacuous, or null. */
  readonly reason: string | null;
}

/** What real threads say of a mutant. */
export interface MutantStress {
  readonly killed: boolean;
  /** Ids of what was violated, `hang` or `crash`. */
  readonly by: readonly string[];
  readonly trials: number;
  /** How often actors came to the changed step in all attempts: 0 is no try at all. */
  readonly changes: number;
  /** From the first trial of the attempt that killed it to the first violation; null if it survived. */
  readonly timeToKillMs: number | null;
  /** The setting: an index into `ladder`. */
  readonly rung: number;
  /** The attempt that killed it, or the last one: pages per buffer, which may be more than the setting's. */
  readonly pages: number;
  /** Trials between two rendezvous, where the actors did not meet in each of them. */
  readonly stride: number;
  /** Delays in ns at named points; empty is natural. */
  readonly delays: Readonly<Record<string, number>>;
}

/** One mutant. */
export interface MutantResult {
  /** What `--strategy` takes behind the strategy and `~`. */
  readonly id: string;
  /** `set_io_pages > check_buffer_tree_ref`: the function, and whose call of it is meant. */
  readonly function: string;
  /** `spin_unlock(eb.refs_lock)`. */
  readonly step: string;
  readonly change: string;
  /** Null until it is known. */
  readonly explore: MutantProof | null;
  readonly stress: MutantStress | null;
}

/** One setting of the ladder under the strategy without any change. */
export interface Baseline {
  readonly rung: Rung;
  readonly verdict: ExploreVerdict;
  readonly states: number;
}

/** A step that some change cannot be made to. */
export interface FixedStep {
  readonly function: string;
  readonly step: string;
  /** `later`, or `any`. */
  readonly change: 'later' | 'any';
  readonly reason: string;
}

/** Everything needed to run it again. */
export interface MutateConfig extends PlacesConfig {
  /** Name of a strategy, or path of a plug-in. */
  readonly strategy: string;
  /** Whether all functions of the scenario are mutated, and not only the steps that the strategy touches. */
  readonly isModel: boolean;
  /** Settings tried, cheapest first. */
  readonly ladder: readonly Rung[];
  /** Hardware time per mutant and attempt in ms; 0 for none. */
  readonly stressMs: number;
  /** Limit of one search in ms. */
  readonly exploreMs: number;
  readonly seed: number;
  /** Which part of the mutants is tried; absent where all are. */
  readonly shard?: Shard;
}

/** What `mutate` is unless told otherwise; times in ms. */
export const MUTATE_DEFAULTS = { stressMs: 1_000, exploreMs: 20_000 } as const;

/** How many mutants of the explore-killed ones the hardware engine killed too. */
export interface MutateScore {
  readonly killedByExplore: number;
  readonly killedByStress: number;
  /** The second of the first; null if there was nothing to kill. */
  readonly share: number | null;
}

/**
 * - `complete`: every mutant is decided, and the strategy itself holds, or violates, as it declares.
 * - `part`: the same of those of one shard; others have the rest.
 * - `undecided`: a limit ended some search, or a shard is missing.
 * - `not-as-declared`: without any change the strategy does not do what it declares.
 * - `contradicted`: real threads violated what was proved: a defect of ebtorture.
 */
export type MutateVerdict = 'complete' | 'part' | 'undecided' | 'not-as-declared' | 'contradicted';

/** `ebtorture mutate`. */
export interface MutateResult {
  readonly schema: 'ebtorture.mutate/1';
  readonly environment: Environment;
  readonly config: MutateConfig;
  readonly strategy: string;
  readonly verdict: MutateVerdict;
  /** Of several shards that were added up: which there are. */
  readonly shards?: MergedShards;
  readonly baseline: readonly Baseline[];
  readonly mutants: readonly MutantResult[];
  readonly fixed: readonly FixedStep[];
  readonly score: MutateScore;
  /** Over all runs, where it was resumed. */
  readonly elapsedMs: number;
  /** Whether it was ended early by the user: what is known so far. */
  readonly isInterrupted: boolean;
}
