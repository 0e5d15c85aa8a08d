import type { LockCycle } from '../../memory/lock-order.ts';
import type { Ordering } from '../../memory/ordering.ts';
import type { Grade } from '../../model/invariant.ts';
import type { ArmMeasured } from '../../scenario/measure.ts';
import type { LitmusAsked } from '../../scenario/scenario.ts';
import type { WithWords } from '../../catalog/words.ts';
import type { Expectation } from '../../fix/strategy.ts';
import type { Shard } from '../../stats/shard.ts';
import type { PlacesConfig } from '../plan/places-config.ts';
import type { Amplification, Waits } from '../plan/amplification.ts';
import type { BlockResult, Rejection } from '../plan/block-result.ts';
import type { Environment } from '../host/machine-facts.ts';
import type { Calibration } from './calibration-result.ts';
import type { ClassResult } from './class-result.ts';
import type { Disturbance } from './disturbance.ts';
import type { Comparison } from './comparison-result.ts';
import type { Rate } from './rate.ts';
import type { ClassPlan } from '../topology/placement-plan.ts';
import type { Tuning } from './tuning-result.ts';

/**
 * What the hardware engine's commands give back: plain data, printed as JSON as it stands and rendered by src/report.
 */

/** Everything needed to run it again. */
export interface RunConfig extends PlacesConfig {
  readonly scenario: string;
  /** Of a scenario that is played on several. */
  readonly kernel?: string;
  readonly start: string;
  readonly strategies: readonly string[];
  /** As `--actors` takes it: `finder=1,reclaim=1`. */
  readonly actors: string;
  readonly pages: number;
  /** In which order accesses became visible; absent where it is `sc`. */
  readonly ordering?: Ordering | undefined;
  readonly worlds: number;
  readonly stride: number;
  readonly seed: number;
  /** Which part of a run that several processes share: its seeds are its own; absent where it is no part. */
  readonly shard?: Shard | undefined;
  /** Wall time asked for, or null where `trials` is given. */
  readonly durationMs: number | null;
  /** Trials per arm asked for, or null where `durationMs` is given. */
  readonly trials: number | null;
  /** `decided`: the run ends when the question is settled, and `durationMs` is the longest it may take. */
  readonly until: 'decided' | 'violation' | null;
  /** `--starts`, if it was given: how often the threads start anew. */
  readonly starts?: number;
  /** The reduction that is to be shown, or planned for. */
  readonly fold: number;
  /** Probability that a trylock_page fails although the page is free; 0 is natural. */
  readonly trylockFail: number;
  /** Probability that the device fails a read; 0 is natural. */
  readonly readFail: number;
  /** Probability that a page of a read cannot be set up; left out where it is 0. */
  readonly setupFail?: number;
  /** Delays in ns at named points; empty is natural. */
  readonly delays: Readonly<Record<string, number>>;
  /** Random waits; null is natural. */
  readonly waits: Waits | null;
  /** The start offset in ns and the last toucher that were asked for; without it the actors meet once per stride. */
  readonly launch?: { readonly offsetNs: number; readonly lastToucher: string };
  /** True if the setting with most violations per second was to be found first: see `tuning` of the result. */
  readonly tune?: true;
  /** True if the actors measured where the time of a trial goes. */
  readonly profile?: true;
  /** Of `compare`: whether explore was asked about the setting, and whether operations were counted and timed. */
  readonly proves?: boolean;
  readonly measuresCost?: boolean;
  /** Of `compare`: whether every arm was searched, and run on threads, in the other orderings as well. */
  readonly orderings?: boolean;
  /** Whether rates are natural, or raised by waits or trylock failures: never to be compared with each other. */
  readonly amplification: readonly Amplification[];
  /** Shared memory of the run in bytes, that of all instances. */
  readonly memoryBytes: number;
}

export type ArmVerdict = 'violated' | 'clean' | 'inconclusive';

/** One strategy under one setting. What is measured and is no near miss stands beside those. */
export interface ArmResult extends ArmMeasured {
  readonly strategy: string;
  readonly expectation: Expectation;
  /** Whether the arm is the interleaved control of a `stress` run. */
  readonly isControl: boolean;
  readonly trials: number;
  readonly violations: {
    readonly total: number;
    /** By invariant id; those never violated are left out. */
    readonly byInvariant: Readonly<Record<string, number>>;
  };
  /** Trials that came near a violation, by what the scenario measures. */
  readonly nearMisses: {
    readonly total: number;
    readonly byKind: Readonly<Record<string, number>>;
  };
  /** Adds up to `trials`. */
  readonly outcomes: Readonly<Record<string, { readonly count: number; readonly grade: Grade }>>;
  readonly rate: Rate;
  /** Of the blocks that count for the rate: while code is compiled, a thread makes a third of it. */
  readonly trialsPerSecond: number;
  readonly verdict: ArmVerdict;
  /** Blocks left out of the rate, by reason, and the violations and trials in them; those count all the same. */
  readonly rejected: {
    readonly blocks: Readonly<Record<Rejection, number>>;
    readonly trials: number;
    readonly violations: number;
  };
  /** What the explore engine says of the same setting; absent where it was not asked. */
  readonly proof?: ArmProof;
  /** The same arm by ordering, each for itself, in the order of `ORDERINGS`; absent where that was not asked. */
  readonly orderings?: readonly ArmOrdering[];
  /** Of a control: explore has searched every schedule of the setting and none violates, so that it can only stay silent. */
  readonly cannotViolate?: true;
  /** Which steps and checks the arm rests on; absent where that was not asked, and for mutants. */
  readonly coverage?: ArmCoverage;
  /** Kinds of locks that actors took in a circle in that sample, which is no violation; absent where none are. */
  readonly lockOrder?: readonly LockCycle[];
  /** Of a mutant: how often an actor came to the changed step; without that it ran as the unchanged strategy. */
  readonly changes?: number;
  /** What operations cost that meet nobody; absent where it was not measured. */
  readonly cost?: ArmCost;
  /** With `--profile`: ns per trial that each actor spent in each stage. */
  readonly stages?: readonly ActorStages[];
  /** Of several instances: what they do to each other; absent where too few blocks tell. */
  readonly disturbance?: Disturbance;
  readonly blockResults: readonly BlockResult[];
  /** By instance, where there are several; they add up to the counts above. */
  readonly instances?: readonly ArmInstance[];
}

/** An arm in one ordering: never added to what it is in another. */
export interface ArmOrdering {
  readonly ordering: Ordering;
  /** Absent where the search was interrupted. */
  readonly proof?: ArmProof;
  /** Absent where threads do not have the ordering, or it was interrupted. */
  readonly hardware?: ArmBound;
}

/** What threads have shown of an arm in one ordering. */
export interface ArmBound {
  readonly trials: number;
  /** As of the arm. */
  readonly violations: { readonly total: number; readonly byInvariant: Readonly<Record<string, number>> };
  readonly verdict: ArmVerdict;
  /** Where stores were to wait: what was measured before. */
  readonly calibration?: Calibration;
  readonly rate: Pick<Rate, 'perMillion' | 'low' | 'high' | 'confidence'>;
}

/** What one instance has counted in an arm. */
export interface ArmInstance {
  readonly trials: number;
  readonly violations: number;
  /** Adds up to `trials`. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** What actors did on threads in a sample of more trials of the arm, in which they put down their steps. */
export interface ArmCoverage {
  /** Trials of the sample. */
  readonly trials: number;
  /** Different steps that were taken. */
  readonly taken: number;
  /** Different steps that any schedule of the setting has; null where the search for them did not end in time. */
  readonly reachable: number | null;
  /** Steps that some schedule has and that were not taken: `function: access(field)`. */
  readonly missed: readonly string[];
  /** The same of the steps that the strategy adds or touches; null for the kernel before the fix, or where it is not known. */
  readonly own: { readonly taken: number; readonly reachable: number } | null;
  /** Operations of actors' programs in which no step was taken, so that nothing ran against the others. */
  readonly idle?: readonly ActorOperation[];
  /** Ids of the invariants that were checked. */
  readonly evaluated: readonly string[];
}

/** A search of every interleaving of the run's setting. */
export interface ArmProof {
  /**
   * `bounded`: a limit ended the search, and nothing was violated until then. `vacuous`: nothing is violated, but part of
   * what was to run never does, so that it proves nothing.
   */
  readonly verdict: 'holds' | 'violated' | 'vacuous' | 'bounded';
  readonly complete: boolean;
  readonly states: number;
  readonly elapsedMs: number;
  /** Ids of what is violated, `deadlock` among them. */
  readonly invariants: readonly string[];
  /** A schedule for `replay` that violates the first of them, or null. */
  readonly witness: string | null;
  /** Of a vacuous proof: what never happens. */
  readonly neverReached?: ProofGaps;
  /** Of a mutant: whether any schedule comes to the changed step. */
  readonly isChangeReached?: boolean;
}

/** What never happens in any schedule of a setting. */
export interface ProofGaps {
  /** Operations that their actor never comes to. */
  readonly operations: readonly ActorOperation[];
  /** Operations that their actor comes to, and in which it never takes a step. */
  readonly withoutStep: readonly ActorOperation[];
  /** Functions that the strategy overrides or adds, with a step and without; null where there are none. */
  readonly own: { readonly reached: readonly string[]; readonly never: readonly string[] } | null;
}

/** An operation of an actor's program. */
export interface ActorOperation {
  /** The actor; its role where it is so of all actors of it. */
  readonly actor: string;
  readonly operation: string;
}

/** An arm as a choice. */
export interface Choice {
  /** Its place in `arms`. */
  readonly arm: number;
  /**
   * Whether it is a fix without a violation that explore has not refuted; `proved` if it was proved. `vacuous`: nothing puts
   * it to the test.
   */
  readonly safety: 'proved' | 'held' | 'vacuous' | 'unsafe';
  /** A strategy that is as safe, does not meet the race where this does, is higher in no count of any operation and lower in one. */
  readonly dominatedBy: string | null;
}

/** What operations cost that meet nobody, by name: those that the scenario declares. */
export type ArmCost = Readonly<Record<string, OperationCost>>;

/** What one operation costs: its steps are counted, its time is measured on this machine. */
export interface OperationCost {
  /** Spin locks and page locks taken. */
  readonly locks: number;
  /** Atomic read-modify-writes besides those of locks. */
  readonly atomics: number;
  /** Accesses of every kind. */
  readonly steps: number;
  /** Median, or null where it could not be measured. */
  readonly ns: number | null;
}

/** Where the time of one actor goes, in ns per trial of the arm. */
export interface ActorStages {
  readonly actor: string;
  readonly trialNs: number;
  readonly collectionNs: number;
  readonly resetNs: number;
  readonly rendezvousNs: number;
}

/** Blocks between whose cores the round trip was about the same, and the arms' rates in them. */
export interface PlacementRates {
  /** The class of the starts that the blocks are of; absent where the system placed the actors. */
  readonly placement?: string;
  /** Median round trip in ns. */
  readonly roundTripNs: number;
  readonly blocks: number;
  /** In the order of the arms; null for an arm without blocks there. */
  readonly rates: readonly (Rate | null)[];
}

/** When the run was to end, and what that means for its intervals. */
export interface Stopping {
  /**
   * `fixed`: the length was fixed in advance. `decided`: at the first look at which the question was settled. `violation`: at the
   * first violation, or at the length that was fixed as the most; rates of a run that a violation has ended are biased.
   */
  readonly rule: 'fixed' | 'decided' | 'violation';
  /** Times the data was looked at. */
  readonly looks: number;
  /** Confidence of each interval, so that those of all looks together have that of the rates. */
  readonly confidence: number;
  /** Whether the question was settled before the time was over; null but for `decided`. */
  readonly isDecided: boolean | null;
}

interface RunResult extends WithWords {
  readonly environment: Environment;
  readonly config: RunConfig;
  /** With `ordering` x86: what was measured before the run. */
  readonly calibration?: Calibration;
  readonly arms: readonly ArmResult[];
  /** Of a litmus test: the final states of the first arm. */
  readonly litmus?: StressLitmus;
  readonly comparisons: readonly Comparison[];
  /**
   * Class by class, the nearest first; one, unless there were several classes, or the host moved its virtual cores; none if too few round trips were measured. Blocks whose
   * round trip is like that of few others are in none.
   */
  readonly placements: readonly PlacementRates[];
  /** The starts of each placement class by themselves; absent where the system placed the actors. */
  readonly classes?: readonly ClassResult[];
  /** Which actor of which instance was to run where, by placement class; absent where there was nothing to choose, and nothing was asked for. */
  readonly places?: readonly ClassPlan[];
  /** Whether the host disturbed most of the blocks, so that none is left out for it. */
  readonly isBusyHost: boolean;
  readonly stopping: Stopping;
  /** How often the worker threads were started. */
  readonly starts: number;
  /** What `--tune` found. */
  readonly tuning?: Tuning;
  /** Wall time from the first block to the end of the last, in ms. */
  readonly elapsedMs: number;
  /** In ms since the process started; null if it never happened. */
  readonly startup: { readonly firstTrialMs: number | null; readonly firstViolationMs: number | null };
  /** Whether it was ended early by the user: what was measured so far. */
  readonly isInterrupted: boolean;
  /** What a reader should know about how it ran, a sentence each: more actors than processors, one processor ... */
  readonly notices: readonly string[];
}

/** A final state of a litmus test as litmus7 prints it, with an asterisk where it meets the condition. */
export interface SeenState {
  readonly state: string;
  readonly trials: number;
}

/** A litmus test on threads. */
export interface StressLitmus extends LitmusAsked {
  /** What was seen, by its text; the trials add up to those of the arm. */
  readonly states: readonly SeenState[];
  /** What a search of the same setting comes to; absent where that was not asked. */
  readonly explored?: LitmusExplored;
}

/** What a search of the setting of a litmus test has reached. */
export interface LitmusExplored {
  /** All final states. */
  readonly states: readonly string[];
  /** Why it was not complete; null if it was. */
  readonly incomplete: string | null;
  /** States that threads have shown and a complete search says cannot be: a defect of ebtorture itself, or of the machine. */
  readonly contradicted: readonly string[];
}

/** `ebtorture compare`. `asDeclared`: controls violated and fixes held. */
export interface CompareResult extends RunResult {
  readonly schema: 'ebtorture.compare/1';
  readonly verdict: 'as-declared' | 'not-as-declared' | 'inconclusive';
  /** All arms, the best choice first; absent where neither proofs nor costs were asked for. */
  readonly decision?: readonly Choice[];
  /** Where the two engines contradict each other, a sentence each: a defect of ebtorture itself. */
  readonly contradictions?: readonly string[];
}

/** `ebtorture stress`. */
export interface StressResult extends RunResult {
  readonly schema: 'ebtorture.stress/1';
  /** Of a litmus test: whether what it asks for was seen; `clean` if it was not, and a search says that it cannot be. */
  readonly verdict: ArmVerdict;
}
