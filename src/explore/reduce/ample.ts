/** Which of the actors that can go on are tried in a state: the two reductions that leave some of them out. */
import type { Independence } from './independence.ts';
import type { Machine } from '../machine/machine.ts';

/** Of actors that would do the same, the first. */
export function onePerKind(machine: Pick<Machine, 'areAlike'>, actors: number): number {
  let kept = actors;
  for (let rest = actors & (actors - 1); rest !== 0; rest &= rest - 1) {
    const actor = 31 - Math.clz32(rest & -rest);
    for (let before = actors & ((1 << actor) - 1); before !== 0; before &= before - 1) {
      if (!machine.areAlike(31 - Math.clz32(before & -before), actor)) continue;
      kept &= ~(1 << actor);
      break;
    }
  }
  return kept;
}

/**
 * An enabled actor whose step nobody else can notice, as a bit, or 0: see Independence. Of several the one with the
 * smallest rank, which like actors that have changed places take along: equal states go on alike, whichever of them was
 * met first, so that the number of states does not depend on the order of the search.
 */
export function aloneOf(machine: Machine, futures: Independence, enabled: number): number {
  const { nodes, actorCount } = machine;
  let alone = 0;
  let smallest = Infinity;
  candidates: for (let rest = enabled; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    const actor = 31 - Math.clz32(bit);
    const node = nodes[actor] as number;
    if (!futures.mayBeAlone(node)) continue;
    const rank = node * 2 ** 32 + (machine.actorLow(actor) >>> 0);
    if (rank >= smallest) continue;
    for (let other = 0; other < actorCount; other++) {
      if (other !== actor && !futures.areIndependent(node, nodes[other] as number)) continue candidates;
    }
    alone = bit;
    smallest = rank;
  }
  return alone;
}

/** How many bits are set. */
export function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
