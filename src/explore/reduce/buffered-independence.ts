import type { BufferedMachine } from '../machine/buffered-machine.ts';
import type { Independence, IndependenceTables } from './independence.ts';

/** What is tried alone before what else could be: what nobody can notice at all, then stores that become visible, then other steps. */
const STORE = 0;
const FLUSH = 1;
const STEP = 2;

/**
 * Partial-order reduction where stores wait in buffers: see `Independence`, of which this differs in what a move is.
 *
 * A store that goes into the buffer of its actor is noticed by nobody. It is noticed when it becomes visible, so that this is what
 * conflicts with steps of others, as the store would without buffers. What an actor can still do is what its node can lead to, and
 * what waits in its buffer.
 *
 * An actor and its own buffer never get in each other's way: a load finds the same before and behind a move of its own buffer, a
 * store goes in at the other end, and whatever waits until the buffer is empty comes behind it in any case. A spin lock keeps others
 * out until its unlock is visible: as long as that waits in the buffer it counts as held by what is visible before it.
 *
 * Whatever goes round goes through nodes of an actor: see `isSticky` there. What follows a store (ghosts, the end of a read section)
 * is never tried alone, nor anything else while such a thing waits in another's buffer.
 */
export class BufferedIndependence {
  readonly #machine: BufferedMachine;
  readonly #futures: Independence;
  readonly #tables: IndependenceTables;

  constructor(machine: BufferedMachine, futures: Independence) {
    this.#machine = machine;
    this.#futures = futures;
    this.#tables = futures.from;
  }

  /** The mover that is tried alone, as a bit, or 0: of several the same whichever places like actors have, as in `aloneOf`. */
  aloneOf(enabled: number): number {
    const machine = this.#machine;
    let alone = 0;
    let best = Infinity;
    let smallest = Infinity;
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest;
      const mover = 31 - Math.clz32(bit);
      const sort = this.#sortOf(mover);
      if (sort > best) continue;
      const rank = (machine.nodes[mover] as number) * 2 ** 32 + (machine.actorLow(mover) >>> 0);
      if (sort === best && rank >= smallest) continue;
      if (!this.#mayBeAlone(mover)) continue;
      alone = bit;
      best = sort;
      smallest = rank;
    }
    return alone;
  }

  /** Whether some actor is in front of a store, which goes into its buffer before anything else is tried. */
  hasStore(): boolean {
    const machine = this.#machine;
    for (let actor = 0; actor < machine.actorCount; actor++)
      if (machine.isStore(actor) && machine.isEnabled(actor) && this.#mayBeAlone(actor)) return true;
    return false;
  }

  #sortOf(mover: number): number {
    const machine = this.#machine;
    if (mover >= machine.actorCount) return FLUSH;
    return machine.isStore(mover) ? STORE : STEP;
  }

  #mayBeAlone(mover: number): boolean {
    const machine = this.#machine;
    const { actorCount, nodes } = machine;
    const isFlush = mover >= actorCount;
    const actor = isFlush ? mover - actorCount : mover;
    const node = nodes[actor] as number;
    if (node >= this.#tables.nodeCount) return false;
    if (!isFlush && !this.#futures.mayBeAlone(node)) return false;
    if (!isFlush && machine.isStore(actor)) return true;
    if (!isFlush) return this.#isFreeOfAll(this.#tables.steps[node] as number, actor, false);
    if (this.#hasMore(actor)) return false;
    for (let choice = machine.choices(mover) - 1; choice >= 0; choice--) {
      const step = machine.entry(actor, machine.leaving(actor, choice));
      if (!this.#isFreeOfAll(step, actor, true)) return false;
    }
    return true;
  }

  /** Whether more than stores and barriers is in the buffer of an actor. */
  #hasMore(actor: number): boolean {
    const machine = this.#machine;
    for (let index = machine.waiting(actor) - 1; index >= 0; index--) {
      const entry = machine.entry(actor, index);
      if (entry < 0 && !machine.isBarrier(entry)) return true;
    }
    return false;
  }

  /** Whether a step depends on nothing that others may still do before it. */
  #isFreeOfAll(step: number, actor: number, isFlush: boolean): boolean {
    const { actorCount, nodes } = this.#machine;
    if (!this.#isKnown(step)) return false;
    for (let other = 0; other < actorCount; other++) {
      if (other === actor) continue;
      if (!this.#isFreeOf(step, actor, isFlush, nodes[other] as number)) return false;
      if (!this.#isFreeOfBuffer(step, other)) return false;
    }
    return true;
  }

  /** Whether the tables know a step: one of a node that is younger than they are depends on everything. */
  #isKnown(step: number): boolean {
    return step < this.#tables.unlocked.length;
  }

  /** Whether a step depends on nothing that an actor at `other` may still do before it. */
  #isFreeOf(step: number, actor: number, isFlush: boolean, other: number): boolean {
    const { nodeCount, width, tables, held, heldAt, unlocked } = this.#tables;
    if (other >= nodeCount) return false;
    const machine = this.#machine;
    const word = other * width + (step >>> 5);
    const bit = 1 << (step & 31);
    const isFree = (table: number): boolean => (((tables[table] as Int32Array)[word] as number) & bit) === 0;
    if (isFree(0)) return true;
    const node = machine.nodes[actor] as number;
    const end = heldAt[node + 1] as number;
    for (let index = heldAt[node] as number; index < end; index++)
      if (isFree(held[index] as number)) return true;
    if (!isFlush) return false;
    for (let index = machine.waiting(actor) - 1; index >= 0; index--) {
      const entry = machine.entry(actor, index);
      const table = entry < 0 ? 0 : (unlocked[entry] as number);
      if (table !== 0 && isFree(table)) return true;
    }
    return false;
  }

  /** Whether a step depends on nothing that waits in the buffer of another. */
  #isFreeOfBuffer(step: number, other: number): boolean {
    const machine = this.#machine;
    const { dependent, width } = this.#tables;
    for (let index = machine.waiting(other) - 1; index >= 0; index--) {
      const entry = machine.entry(other, index);
      if (machine.isBarrier(entry)) continue;
      if (entry < 0 || !this.#isKnown(entry)) return false;
      if (((dependent[step * width + (entry >>> 5)] as number) & (1 << (entry & 31))) !== 0) return false;
    }
    return true;
  }
}
