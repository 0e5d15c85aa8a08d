import type { Machine } from './machine.ts';
import { Kind } from '../program/step.ts';

/** Stands among check numbers for a state in which everyone waits for somebody else. */
export const DEADLOCK = -1;
/** Stands for actors that run for ever: round after round, or in a loop that waits for what nobody will do. */
export const LIVELOCK = -2;

/**
 * What a state is in which nobody can go on although somebody has not finished: a deadlock if somebody waits for a lock
 * or an event, a livelock if all of them spin in `cpu_relax` (see Machine: there they wait here for a change).
 */
export function stuckAs({ actorCount, automata, nodes }: Machine): number {
  for (let actor = 0; actor < actorCount; actor++) {
    const kind = automata.kind.at[nodes[actor] as number];
    if (kind !== Kind.Done && kind !== Kind.CpuRelax) return DEADLOCK;
  }
  return LIVELOCK;
}
