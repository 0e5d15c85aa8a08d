import type { Ordering } from '../../memory/ordering.ts';
import type { RoleCount } from '../../scenario/scenario.ts';
import type { Shard } from '../../stats/shard.ts';
import type { Placement } from '../topology/placement.ts';
import type { Launch, Pace } from './protocol.ts';
import type { Waits } from './amplification.ts';

/** What plays a run, and where. */
export interface PlacesAsked {
  /** Copies of the scenario that are played at the same time. @default 'auto': as many as the processors hold, see `planPlacement` */
  readonly instances?: number | 'auto' | undefined;
  /** How the actors of each lie to each other. @default as near as can be, each on a core of its own */
  readonly placement?: Placement | undefined;
}

/** What `compare` and `stress` take; validated by the caller, resolved by the engine. */
export interface RunOptions extends PlacesAsked {
  /** Name of a scenario. */
  readonly scenario: string;
  /** Name of a start state; the scenario's first if undefined. */
  readonly start?: string | undefined;
  /** Names of strategies or paths of plug-in modules. */
  readonly strategies: readonly string[];
  /** The start state's own if undefined. */
  readonly actors?: readonly RoleCount[] | undefined;
  readonly pages: number;
  /** `sc` or `x86`, that on an x86-64 only: see `orderingObjection`. @default `sc` */
  readonly ordering?: Ordering | undefined;
  /** 2 strides at least. */
  readonly worlds: number;
  readonly stride: number;
  readonly seed: number;
  /** Which part of a run that several processes share this one is; undefined: it is no part. */
  readonly shard?: Shard | undefined;
  /** When to stop. */
  readonly budget: Budget;
  /** How often the threads start anew; undefined: as often as the duration suggests, once for a number of trials. */
  readonly starts?: number | undefined;
  /**
   * Ends a run early. `decided`: one by duration, as soon as the question is settled, see `isSettled`. `violation`: at the first
   * violation of what is to be shown wrong, see `endingArms`.
   */
  readonly until?: 'decided' | 'violation' | undefined;
  /** The reduction that power and plan speak of, and that `until` waits for; above 1. */
  readonly fold: number;
  /** How trials are launched; undefined: the actors meet once per stride. Excludes `isTuned`. */
  readonly launch?: Launch | undefined;
  /** Whether to find the setting with most violations per second first, and to run in it. @default false */
  readonly isTuned?: boolean | undefined;
  readonly trylockFail: number;
  readonly readFail: number;
  /** Probability that the bio of a page cannot be set up. @default 0 */
  readonly setupFail?: number;
  /** By point name, in ns. */
  readonly delays: Readonly<Record<string, number>>;
  /** Random waits; undefined: none. */
  readonly waits?: Waits | undefined;
  /** Whether to measure how long the actors spend in each stage. @default false */
  readonly isProfiled?: boolean | undefined;
  /** Ends the run early; what was measured is returned. */
  readonly signal?: AbortSignal | undefined;
  /** Called about five times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with a sentence about what should be known before the run goes on. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
  /** Called once before shared memory is taken. */
  readonly onMemory?: ((bytes: number) => void) | undefined;
  /** Called once when it is known how the run's trials are paced: `isTuned` finds that out. */
  readonly onPace?: ((pace: Pace) => void) | undefined;
}

/** `stress` adds short blocks of the control `none`. */
export interface StressOptions extends Omit<RunOptions, 'strategies'> {
  readonly strategy: string;
  readonly hasControl: boolean;
}

/** Wall time over all arms, or trials per arm. */
export type Budget =
  { readonly kind: 'duration'; readonly ms: number } | { readonly kind: 'trials'; readonly count: number };

/** How far a run is. */
export interface Progress {
  readonly elapsedMs: number;
  /** Share of the budget, 0 to 1. */
  readonly fraction: number;
  readonly arms: readonly {
    readonly strategy: string;
    readonly trials: number;
    readonly violations: number;
  }[];
  /** While `isTuned` looks for a setting: blocks tried so far. The run itself has not begun, and `fraction` is 0. */
  readonly tuningBlocks?: number;
  /** Whether it has found one, and is confirming it. */
  readonly isConfirming?: boolean;
}
