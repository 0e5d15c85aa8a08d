import type { Grade } from '../invariant/invariant.ts';
import type { Expectation } from '../fix/strategy.ts';

/**
 * What the hardware engine's commands give back: plain data, printed as JSON as it stands and rendered by src/report.
 */

/** The machine and the program. */
export interface Environment {
  /** Version of ebtorture. */
  readonly version: string;
  /** Commit of the project, `-dirty` behind it where the work tree differs; null outside a checkout. */
  readonly commit: string | null;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpuModel: string;
  /** Processors this process may use. */
  readonly cpuCount: number;
  /** Core-to-core round trip in ns: median over the blocks; null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
}

/** Everything needed to run it again. */
export interface RunConfig {
  readonly scenario: string;
  readonly start: string;
  readonly strategies: readonly string[];
  /** As `--actors` takes it: `finder=1,reclaim=1`. */
  readonly actors: string;
  readonly pages: number;
  readonly worlds: number;
  readonly stride: number;
  readonly seed: number;
  /** Wall time asked for, or null where `trials` is given. */
  readonly durationMs: number | null;
  /** Trials per arm asked for, or null where `durationMs` is given. */
  readonly trials: number | null;
  /** Probability that a trylock_page fails although the page is free; 0 is natural. */
  readonly trylockFail: number;
  /** Probability that the device fails a read; 0 is natural. */
  readonly readFail: number;
  /** Delays in ns at named points; empty is natural. */
  readonly delays: Readonly<Record<string, number>>;
  /** Whether rates are natural, or raised by delays or trylock failures: never to be compared with each other. */
  readonly amplification: readonly Amplification[];
  /** Shared memory of the run in bytes. */
  readonly memoryBytes: number;
}

export type Amplification = 'delayed' | 'trylock-failing';

/** A rate in violations per million trials with its interval. */
export interface Rate {
  readonly perMillion: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided for a rate, one-sided for the bound of a zero. */
  readonly confidence: number;
  /** Variance of block rates over that of independent trials; that of the control where the arm has no violations. */
  readonly designEffect: number | null;
  readonly blocks: number;
}

/** One timed slice of one arm. */
export interface BlockResult {
  /** 0-based: the order in which the blocks ran, over all arms. */
  readonly order: number;
  /** Blocks of different arms in the same round ran next to each other. */
  readonly round: number;
  readonly seed: number;
  readonly seconds: number;
  readonly trials: number;
  readonly violations: number;
  /** Core-to-core round trip measured at its start, in ns; null where it could not be. */
  readonly roundTripNs: number | null;
}

export type ArmVerdict = 'violated' | 'clean' | 'inconclusive';

/** One strategy under one setting. */
export interface ArmResult {
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
  /** Trials that came near a violation. */
  readonly nearMisses: {
    readonly total: number;
    readonly byKind: Readonly<Record<string, number>>;
  };
  /** Times the fix found TREE_REF stripped and put it back. */
  readonly rescues: number;
  /** Times releasepage took the tree's reference from a buffer in use. */
  readonly treeRefStripped: number;
  /** Adds up to `trials`. */
  readonly outcomes: Readonly<Record<string, { readonly count: number; readonly grade: Grade }>>;
  readonly rate: Rate;
  readonly trialsPerSecond: number;
  readonly verdict: ArmVerdict;
  /** With `--profile`: ns per trial that each actor spent in each stage. */
  readonly stages?: readonly ActorStages[];
  readonly blockResults: readonly BlockResult[];
}

/** Where the time of one actor goes, in ns per trial of the arm. */
export interface ActorStages {
  readonly actor: string;
  readonly trialNs: number;
  readonly collectionNs: number;
  readonly resetNs: number;
  readonly rendezvousNs: number;
}

/** A control against another arm of the same run. */
export interface Comparison {
  readonly control: string;
  readonly strategy: string;
  /** The control's rate is at least this many times the strategy's, at the rates' confidence; null: nothing can be said. */
  readonly reductionAtLeast: number | null;
  /** Probability of a difference as large if both had the same rate; null where it cannot be computed. */
  readonly pValue: number | null;
  /** Trials per second of the strategy over the control's, in pairs of adjacent blocks; null without a pair. */
  readonly throughputRatio: { readonly median: number; readonly low: number; readonly high: number } | null;
}

interface RunResult {
  readonly environment: Environment;
  readonly config: RunConfig;
  readonly arms: readonly ArmResult[];
  readonly comparisons: readonly Comparison[];
  /** Wall time from the first block to the end of the last, in ms. */
  readonly elapsedMs: number;
  /** In ms since the process started; null if it never happened. */
  readonly startup: { readonly firstTrialMs: number | null; readonly firstViolationMs: number | null };
  /** Whether it was ended early by the user: what was measured so far. */
  readonly isInterrupted: boolean;
  /** What a reader should know about how it ran, a sentence each: more actors than processors, one processor ... */
  readonly notices: readonly string[];
}

/** `ebtorture compare`. `asDeclared`: controls violated and fixes held. */
export interface CompareResult extends RunResult {
  readonly schema: 'ebtorture.compare/1';
  readonly verdict: 'as-declared' | 'not-as-declared' | 'inconclusive';
}

/** `ebtorture stress`. */
export interface StressResult extends RunResult {
  readonly schema: 'ebtorture.stress/1';
  readonly verdict: ArmVerdict;
}
