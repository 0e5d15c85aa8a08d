/** What `explain` gives back: plain data, printed as JSON as it stands. */
import type { Standing } from '../explore/explain/standing.ts';
import type { Replay } from '../explore/witness/replay.ts';
import type { StressResult } from '../stress/result/result.ts';

/** `ebtorture explain`: what one violation on hardware was, as an interleaving of the same model. */
export interface ExplainResult extends Pick<
  StressResult,
  | 'environment'
  | 'config'
  | 'words'
  | 'calibration'
  | 'arms'
  | 'tuning'
  | 'elapsedMs'
  | 'startup'
  | 'isInterrupted'
  | 'notices'
> {
  readonly schema: 'ebtorture.explain/1';
  /**
   * `explained`: a violation, and an interleaving that agrees with everything its actors logged. `contradicted`: there is
   * none, so that the model or an engine is wrong. `unexplained`: the search was ended by its limit, or no log was whole, or
   * threads did before the run what no x86-64 does.
   * Without a violation, that of the stress run: `clean` or `inconclusive`.
   */
  readonly verdict: 'explained' | 'contradicted' | 'unexplained' | 'clean' | 'inconclusive';
  /** Labels of the actors. */
  readonly actors: readonly string[];
  /** Violations of which a log was too long to be kept. */
  readonly lost: number;
  /** The violation, or null if none was kept. */
  readonly observed: Observed | null;
  /** The interleaving, or null if none was found. */
  readonly explanation: ExplainedTrial | null;
  /** Where the actors stood when nobody could go on as the logs say; empty unless contradicted. */
  readonly furthest: readonly Standing[];
  /** States that the search looked at. */
  readonly states: number;
  /** Duration of the search in ms. */
  readonly searchMs: number;
}

/** What is found out of a violation. */
export interface ExplanationFound extends Pick<
  ExplainResult,
  'observed' | 'explanation' | 'furthest' | 'states' | 'searchMs'
> {
  readonly verdict: 'explained' | 'contradicted' | 'unexplained';
}

/** A violation on hardware. */
export interface Observed {
  readonly invariant: string;
  readonly title: string;
  readonly origin: string;
  /** What the steps of each actor returned, in its own order; pointers are word addresses, relative to `world`. */
  readonly logs: readonly { readonly actor: string; readonly results: readonly number[] }[];
  readonly world: number;
}

/** An interleaving that agrees with all logs. */
export interface ExplainedTrial {
  /** As `replay` takes it. */
  readonly schedule: string;
  readonly preemptions: number;
  readonly switches: number;
  /** Whether none with fewer preemptions agrees. */
  readonly isShortest: boolean;
  /** Rounds of retry loops that saw nothing new, left out of the schedule. */
  readonly idleRounds: number;
  /** Another invariant of the same trial that was broken before, and in which the schedule ends; null if there is none. */
  readonly precededBy: string | null;
  /** Logged results that are not compared, behind the first access to freed memory or a wait that was cut; left out if there are none. */
  readonly uncompared?: number;
  /**
   * Where stores wait: whether an interleaving agrees with all logs in which each is visible at once, too, so that none of them need
   * have waited. `unknown` where that was too much to search.
   */
  readonly inOrder?: 'possible' | 'impossible' | 'unknown';
  readonly steps: Replay['steps'];
}
