import type { ClassPlan } from '../topology/placement-plan.ts';
import type { Comparison } from './comparison-result.ts';
import type { Rate } from './rate.ts';

/** The starts of a run whose actors were placed alike, and what the arms did in them: nothing of it rests on other starts. */
export interface ClassResult {
  /** Its name in `places` of the run, which say where the actors were and whether that is what was asked for. */
  readonly placement: ClassPlan['placement'];
  /** Starts of the threads. */
  readonly starts: number;
  /** Core-to-core round trip in ns: median over its blocks; null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
  /** In the order of the arms; null for one without a block there. */
  readonly arms: readonly (ClassArm | null)[];
  /** Every control against every fix. All claims of a run with several classes hold together. */
  readonly claims: readonly ClassClaim[];
}

/** One arm in the starts of one class. */
export interface ClassArm {
  readonly trials: number;
  readonly violations: number;
  /** That of a zero is the bound of the verdict in this class. */
  readonly rate: Rate;
  /** Of all instances together. */
  readonly trialsPerSecond: number;
  readonly violationsPerSecond: number;
}

/** What the starts of one class show of a fix. */
export type ClassClaim = Pick<
  Comparison,
  'control' | 'strategy' | 'reductionAtLeast' | 'reductionAtLeastInBursts'
>;
