import type { PlacesConfig } from '../stress/plan/places-config.ts';
import type { MutantTrial } from './mutate-worker.ts';

/** What explore says of one kernel in one race. */
export interface HistoryProof extends Pick<
  MutantTrial,
  'verdict' | 'invariants' | 'witness' | 'states' | 'reason'
> {
  readonly strategy: string;
  /** Whether every schedule was searched. */
  readonly complete: boolean;
}

/** What threads have shown of one race. */
export interface HistoryHardware {
  /**
   * - `shown`: the kernel that had it violated, and the one that mended it did not.
   * - `silent`: neither did; `probability` says how rare it is.
   * - `broken`: the one that mended it violated.
   * - `disagrees`: something was seen that explore calls impossible.
   */
  readonly verdict: 'shown' | 'silent' | 'broken' | 'disagrees';
  /** The delays in ns that held actors at named points; empty for the natural rate. */
  readonly delays: Readonly<Record<string, number>>;
  readonly before: HistoryRate;
  readonly after: HistoryRate;
  /** Where the actors of the kernel that had it wait for each other, a line each: what explore calls a deadlock. It has no rate then. */
  readonly hang?: readonly string[];
  /** How often a uniformly random schedule violates in the kernel that had it; null where that was not counted. */
  readonly probability: number | null;
  readonly elapsedMs: number;
}

/** Of one kernel, in violations per million trials. */
export interface HistoryRate {
  readonly trials: number;
  readonly violations: number;
  readonly perMillion: number;
  readonly low: number;
  readonly high: number;
}

/**
 * - `as-declared`: each race violates in the kernel that had it, in an invariant that its commit names, and no schedule violates in
 *   the one that mended it; and if threads were asked, they have shown nothing else.
 * - `undecided`: a limit ended some search, or something never happened in it.
 */
export type HistoryVerdict = 'as-declared' | 'not-as-declared' | 'undecided';

/** One race, whatever is known of it. */
interface HistoryPlayed {
  readonly scenario: string;
  /** Of a scenario that is played on several. */
  readonly kernel?: string;
  /** The kernels whose model it is played in, such as `v5.7`. */
  readonly generation?: string;
  readonly year: number;
  readonly commit: string | null;
  readonly title: string;
  readonly symptom: string;
  /** Ids of invariants of which the commit speaks. */
  readonly breaks: readonly string[];
  readonly start: string;
  /** As `--actors` takes them. */
  readonly actors: string;
  readonly pages: number;
}

/** One race before anything is searched. */
export interface HistoryRace extends HistoryPlayed {
  /** The kernel that had it, and the one that mended it. */
  readonly strategies: { readonly before: string; readonly after: string };
}

/** One race. */
export interface HistoryRow extends HistoryPlayed {
  readonly verdict: HistoryVerdict;
  /** The kernel that had it, and the one that mended it. */
  readonly before: HistoryProof;
  readonly after: HistoryProof;
  /** Absent without `--hardware`; null where the run was interrupted before it. */
  readonly hardware?: HistoryHardware | null;
}

/** What one strategy does in one race; null where it does not belong to its kernels. */
export type MatrixCell = Pick<HistoryProof, 'verdict' | 'invariants' | 'states' | 'complete'> | null;

/** A strategy in every race. */
export interface MatrixRow {
  readonly strategy: string;
  /** In the order of the races. */
  readonly cells: readonly MatrixCell[];
}

/** What `history` finds. */
export interface HistoryResult {
  readonly schema: 'ebtorture.history/1';
  readonly verdict: HistoryVerdict;
  readonly isInterrupted: boolean;
  readonly config: PlacesConfig & {
    /** Limit of one search in ms. */
    readonly exploreMs: number;
    /** Length of all runs on threads together; null without them. */
    readonly hardwareMs: number | null;
    readonly seed: number;
    readonly agrees: boolean;
  };
  /** Oldest first. */
  readonly rows: readonly HistoryRow[];
  /** Fixes against races; absent where it was not asked. */
  readonly matrix?: readonly MatrixRow[];
  readonly elapsedMs: number;
}
