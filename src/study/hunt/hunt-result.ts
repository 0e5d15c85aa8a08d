/** What `hunt` finds: plain data. */
import { HUNTED_KERNEL } from '../../catalog/alphabets.ts';
import type { MergedShards, Shard } from '../../stats/shard.ts';
import type { Witness } from '../../explore/explore.ts';

/** The smallest size of a program: two actors with an operation each. */
export const HUNT_SIZE_MIN = 2;
/** The largest: of most alphabets those of four have no room. */
export const HUNT_SIZE_MAX = 8;

/** What a hunt is unless told otherwise. */
export const HUNT_DEFAULTS: Pick<HuntResult['config'], 'kernel' | 'size' | 'statesMax'> = {
  kernel: HUNTED_KERNEL,
  size: 3,
  // Of one program: of those with three operations hardly any has more.
  statesMax: 200_000,
};

/** A step as one reads it in a report: `find_extent_buffer > atomic_inc_not_zero(eb.refs)`. */
export type StepName = string;

/** Where one actor must be stopped for the race, and for how long. */
export interface Stall {
  /** The program of the actor. */
  readonly actor: string;
  /** The step that it has not taken yet. */
  readonly before: StepName;
  /** Steps of others meanwhile. */
  readonly steps: number;
  /** Whether it holds a spin lock there, so that only an interrupt or a host that takes its processor away can stop it. */
  readonly isInSpinLock: boolean;
}

/** A race: an invariant, and the two steps that conflict. */
export interface Finding {
  /** Invariant and steps: equal for what is the same race. */
  readonly key: string;
  readonly invariant: string;
  readonly title: string;
  readonly origin: string;
  /** In the order in which they come, the later one of who is too late; one where no other actor's step is in it. */
  readonly pair: readonly StepName[];
  /** The text of the smallest program that was found: the name of its scenario. */
  readonly program: string;
  readonly operations: number;
  /** Labels of its actors. */
  readonly actors: readonly string[];
  /** The schedule with the fewest preemptions, step by step; null where none was found within its limit. */
  readonly witness: Witness | null;
  readonly stalls: readonly Stall[];
  /** Ids of the rules that it relies on. */
  readonly rules: readonly string[];
}

/** How many programs were searched, and what came of them. */
export interface HuntCounts {
  readonly programs: number;
  readonly violated: number;
  /** Not searched to the end. */
  readonly bounded: number;
  /** In which an operation never had a step. */
  readonly vacuous: number;
  readonly states: number;
}

/** Of one size: how many programs there are, and how many were searched. */
export interface SizeCounts extends HuntCounts {
  readonly size: number;
  /** Programs that there are; of a shard those that it is to search. */
  readonly total: number;
  /** There are more than that, which is more than there is room for: none of them was searched. */
  readonly isMore?: true;
}

/** A strategy under all findings. */
export interface HuntMatrixRow {
  readonly strategy: string;
  /** By finding: whether its invariant is violated in its program, another is, none is, or a limit ended the search. */
  readonly cells: readonly ('open' | 'other' | 'closed' | 'bounded')[];
}

/** What threads show of a finding. */
export interface HuntHardware {
  readonly key: string;
  /** The delays in ns that held actors at named points; empty for the natural rate. */
  readonly delays: Readonly<Record<string, number>>;
  readonly trials: number;
  /** Of the invariant of the finding. */
  readonly violations: number;
  readonly perMillion: number;
}

/**
 * `found`: anything that is new. `complete`: all programs up to the size were searched to their ends. `part`: those of one shard were, and
 * others have the rest.
 */
export type HuntVerdict = 'found' | 'complete' | 'part' | 'bounded';

/** Of one run. */
export interface HuntResult {
  readonly schema: 'ebtorture.hunt/1';
  readonly verdict: HuntVerdict;
  readonly isInterrupted: boolean;
  readonly config: {
    readonly kernel: string;
    readonly strategy: string;
    /** What is violated under this one, too, was not looked for; null for none. */
    readonly against: string | null;
    readonly only: readonly string[] | null;
    readonly size: number;
    readonly seed: number | null;
    readonly statesMax: number;
    /** Which part of the programs is searched; absent where all are. */
    readonly shard?: Shard;
  };
  /** Of several shards that were added up: which there are. */
  readonly shards?: MergedShards;
  readonly startStates: number;
  /** Those that were come to. */
  readonly sizes: readonly SizeCounts[];
  readonly findings: readonly (Finding & { readonly programs: number })[];
  /** Programs that violate what a program inside of them does. */
  readonly repeated: number;
  /** Findings of the baseline that were met, and left out. */
  readonly known: number;
  readonly rules: readonly { readonly id: string; readonly text: string; readonly origin: string }[];
  readonly matrix?: readonly HuntMatrixRow[];
  readonly hardware?: readonly HuntHardware[];
  readonly elapsedMs: number;
}
