import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';
import { Kind } from '../program/step.ts';

/** A schedule as it is shown, and what was left out of it. */
export interface WithoutIdleRounds {
  readonly moves: readonly Move[];
  /** Rounds of retry loops that were left out. */
  readonly rounds: number;
}

/**
 * Leaves out the rounds of retry loops in which nothing new was seen. On real threads they go round and round; a machine
 * waits in `cpu_relax` until another actor has changed something, and a schedule that it can play has one round where
 * it waits. Such a round changes nothing: it read what the round before it had read.
 */
export function withoutIdleRounds(machine: Machine, moves: readonly Move[]): WithoutIdleRounds {
  let kept = moves;
  for (let rounds = 0; ; rounds++) {
    const idle = firstIdleRound(machine, kept);
    if (idle === undefined) return { moves: kept, rounds };
    const { actor, from, to } = idle;
    kept = kept.filter((move, index) => move.actor !== actor || index <= from || index > to);
  }
}

/** The first round that ends in a `cpu_relax` without news: the actor's moves behind `from` up to `to`. */
function firstIdleRound(
  machine: Machine,
  moves: readonly Move[],
): { readonly actor: number; readonly from: number; readonly to: number } | undefined {
  const relaxed = new Map<number, number>();
  machine.reset();
  for (const [to, { actor, choice }] of moves.entries()) {
    const isActor = actor < machine.actorCount;
    if (isActor && machine.automata.kind.at[machine.nodes[actor] as number] === Kind.CpuRelax) {
      const from = relaxed.get(actor);
      if (!machine.isEnabled(actor) && from !== undefined) return { actor, from, to };
      relaxed.set(actor, to);
    }
    machine.take(actor, choice);
  }
  return undefined;
}
