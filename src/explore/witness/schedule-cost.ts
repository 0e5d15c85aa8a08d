import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';

/** What a reader of a schedule has to follow. */
export interface ScheduleCost {
  /** How often an actor that could have gone on is stopped. */
  readonly preemptions: number;
  /** All changes of actor. */
  readonly switches: number;
}

/** Plays a schedule and counts. */
export function costOf(machine: Machine, moves: readonly Move[]): ScheduleCost {
  let preemptions = 0;
  let switches = 0;
  let last: number | undefined;
  machine.reset();
  for (const { actor, choice } of moves) {
    // A store that becomes visible stops nobody.
    if (actor >= machine.actorCount) {
      machine.take(actor, choice);
      continue;
    }
    if (last !== undefined && actor !== last) {
      switches++;
      if (machine.isEnabled(last)) preemptions++;
    }
    machine.take(actor, choice);
    last = actor;
  }
  return { preemptions, switches };
}
