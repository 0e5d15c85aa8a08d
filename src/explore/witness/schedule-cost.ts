import { BufferedMachine } from '../machine/buffered-machine.ts';
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
      if (isRunnable(machine, last)) preemptions++;
    }
    machine.take(actor, choice);
    last = actor;
  }
  return { preemptions, switches };
}

/** Whether an actor is stopped where another one goes on: it can go on, or could if its stores were visible. */
function isRunnable(machine: Machine, actor: number): boolean {
  return machine instanceof BufferedMachine ? machine.isRunnable(actor) : machine.isEnabled(actor);
}
