import type { Held } from '../../memory/conduct.ts';
import type { ActorLog } from './actor-log.ts';
import type { Step } from './step.ts';
import type { GhostWrite } from './suspension-memory.ts';

/** What an actor does between two steps. */
export interface Effects {
  /** Bits of `Note`. */
  readonly notes: number;
  /** The first violation recorded, or 0. */
  readonly oops: number;
  readonly ghosts: readonly GhostWrite[];
}

/** One actor in front of one step: everything that decides what it does from there on. */
export interface LocalState extends Held {
  readonly id: number;
  /** The operation, as an index into the program; the epilogue follows the last one. */
  readonly operation: number;
  readonly carried: number;
  readonly log: ActorLog;
  /** The pending step as it counts, which may be a fault: a number in the step table. */
  readonly step: number;
  /** The same as the model took it, undefined at the end. */
  readonly attempt: Step | undefined;
  /** Where in a method without memory the step is called, or ''. */
  readonly site: string;
  /** The model methods that have been entered, outermost first. */
  readonly stack: readonly string[];
  /** Where it stands, whatever it remembers: states at equal points are candidates for being the same. */
  readonly point: number;
  /** The state that it was first reached from. */
  readonly parent: LocalState | undefined;
  /** The nearest state on the way here that stands at the same point. */
  readonly earlier: LocalState | undefined;
  /** What it has become, by the result of the pending step. */
  readonly next: Map<number, LocalEdge>;
}

/** What becomes of a local state. */
export interface LocalEdge {
  readonly state: LocalState;
  readonly effects: Effects;
}

/**
 * Where a run is to go on at once from what it has come to: what the pending step returns there, or undefined. One run
 * along a way is a fraction of the work of one for each of its steps.
 */
export type Guide = (edge: LocalEdge) => number | undefined;
