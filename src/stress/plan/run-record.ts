/**
 * What a run puts down while it goes, in the order in which it happens: all that its result is made of. Plain data, a line of a journal
 * each; a run that goes on from a journal, and whoever reads one, takes them up as the run that made them did.
 */
import type { BlockResult, InstanceBlock } from './block-result.ts';
import type { Pace } from './protocol.ts';

/** Trials by what they came to. */
export interface Tallied {
  /** By outcome index. */
  readonly outcomes: readonly number[];
  /** By note bit number, those that are not 0. */
  readonly notes: Readonly<Record<string, number>>;
}

/** What a block has counted beside trials. */
export interface BlockCounts extends Tallied {
  /** By check number, those that are not 0. */
  readonly checks: Readonly<Record<string, number>>;
  /** Of a litmus test: its final states as litmus7 prints them. */
  readonly states?: Readonly<Record<string, number>>;
  /** Of a mutant: how often an actor came to the changed step; absent where none did. */
  readonly changes?: number;
  /** Microseconds by actor and stage; absent where they were not measured. */
  readonly stages?: readonly (readonly number[])[];
  /** By instance that played, where there are several. */
  readonly instances?: readonly Tallied[];
}

/** A block without what all blocks of its start have in common. */
export interface CountedBlock extends Omit<BlockResult, 'placement' | 'instances'> {
  readonly instances?: readonly Omit<InstanceBlock, 'processors'>[];
}

/** A block has ended. */
export interface BlockRecord {
  readonly kind: 'block';
  readonly arm: number;
  /** Its place in the plan of the run; null where it was none of it: a run that goes on brings its code to speed again. */
  readonly planned: number | null;
  /** Wall time of the run so far, the pauses between its parts left out, in ms. */
  readonly elapsedMs: number;
  /** In ms since the process started; with the first block in which there was one. */
  readonly firstTrialMs?: number;
  readonly firstViolationMs?: number;
  readonly block: CountedBlock;
  readonly counts: BlockCounts;
}

/** The threads stand at their gates: before the first block of that start. */
export interface StartRecord {
  readonly kind: 'start';
  /** 0-based. */
  readonly start: number;
  /** Which of the starts that were planned it belongs to: several, where a run was cut in it. */
  readonly planned: number;
  /** The class of its placement; absent where the system placed the actors. */
  readonly placement?: string;
  /** By instance and actor; null where the system has placed them. */
  readonly processors: readonly (readonly number[] | null)[];
  /** Why actors could not be kept where they were to be; null if they could, or nobody wanted it. */
  readonly failed: string | null;
}

/** The counts were looked at, to end the run if they settle its question. */
export interface LookRecord {
  readonly kind: 'look';
  /** Starts or rounds that were done. */
  readonly done: number;
  readonly isSettled: boolean;
}

/** The setting with most violations per second was searched for; `Tuning` is what was found. */
export interface TuningRecord<Tuning> {
  readonly kind: 'tuning';
  readonly tuning: Tuning;
  /** Null where the run keeps its natural pace. */
  readonly tuned: Pace | null;
  /** Shared memory of the run in bytes, that of all instances. */
  readonly memoryBytes: number;
}

/** Before a part of a run whose stores are to wait, it was measured whether they do; `Calibrated` is what that showed. */
export interface CalibrationRecord<Calibrated> {
  readonly kind: 'calibration';
  readonly calibration: Calibrated;
}
