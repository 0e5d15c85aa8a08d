/** The settings in which mutants of a strategy are tried. */
import type { RoleCount } from './role-count.ts';

/** A setting of a scenario, as plain data. */
export interface LadderRung {
  readonly start: string;
  readonly actors: readonly RoleCount[];
  readonly pages: number;
  /** Whether reads may fail. */
  readonly readsFail: boolean;
  /** Whether every trylock_page may fail. @default false */
  readonly trylocksFail?: boolean;
  /** Whether every read may fail to be set up. @default false */
  readonly setupsFail?: boolean;
}

/** What a scenario declares of them. */
export interface Ladder {
  /** Tried one after the other until one kills the mutant: cheapest first. */
  readonly rungs: readonly LadderRung[];
  /** Indices of a few small ones that have most steps: enough to name the one that somebody meant. @default all of them */
  readonly few?: readonly number[];
  /** Settings in which a step is looked for that no rung has; mutants are not tried there. @default none */
  readonly beyond?: readonly LadderRung[];
  /** The same for settings too large to be searched to their ends. @default none */
  readonly sampled?: readonly SampledRung[];
  /**
   * Delays in ns at named points, a set for each further attempt to kill a mutant on threads: they hold an actor in the windows
   * that this race needs. @default none
   */
  readonly delays?: readonly Readonly<Record<string, number>>[];
}

/** A setting of which random schedules are played, the same ones every time. */
export interface SampledRung extends LadderRung {
  readonly schedules: number;
  readonly seed: number;
  /** Ordering constraints that what is looked for rests on. */
  readonly depth: number;
}
