import { accessKinds, accessNumbered } from '../../memory/access.ts';
import type { Address } from '../../memory/layout.ts';
import { BufferedMachine } from './buffered-machine.ts';
import { isRelease, Way, waysOfLkmm } from './waiting.ts';

/**
 * What the Linux memory model allows of delayed stores: only those to one word become visible in the order in which they were made,
 * but for a write barrier between them and for a release, which becomes visible once it is the oldest of its buffer. Read-modify-writes
 * that give nothing wait as stores do, and change what is there when they become visible; of those that give something and are not
 * fully ordered the load happens at once, and until their store is visible nobody else writes to that word. Of one that a release or
 * a barrier keeps back nothing happens before it may become visible, so that no two wait for each other.
 *
 * This is a part of the model: loads happen in program order. Where a processor may promise less than is said here, it is said of
 * the slab and of fully ordered read-modify-writes that fail.
 */
export class LkmmMachine extends BufferedMachine {
  protected override get ways(): Uint8Array {
    return waysOfLkmm;
  }

  override leaving(actor: number, choice: number): number {
    let left = choice;
    for (let index = 0; index < this.waiting(actor); index++) {
      if (!this.#mayLeave(actor, index)) continue;
      if (left === 0) return index;
      left--;
    }
    throw new RangeError(`actor ${actor} has no store number ${choice} that may become visible`);
  }

  override choices(mover: number): number {
    const actor = mover - this.actorCount;
    if (actor < 0) return super.choices(mover);
    let count = 0;
    for (let index = 0; index < this.waiting(actor); index++) if (this.#mayLeave(actor, index)) count++;
    return count;
  }

  override isEnabled(mover: number): boolean {
    if (!super.isEnabled(mover)) return false;
    if (mover >= this.actorCount) return true;
    const node = this.nodes[mover] as number;
    const address = this.automata.address.at[node] as number;
    switch (this.wayOf(mover)) {
      case Way.Loads:
        return this.#isSettled(mover, address);
      case Way.Looks:
        return this.#isSettled(mover, address) && this.#isFreeFor(mover, address);
      case Way.Drains:
        return this.#isFreeFor(mover, address);
      case Way.Takes:
        return !this.#waitsFor(mover, address) && this.#isFreeFor(mover, address);
      case Way.Fetches:
        return (
          !this.#waitsFor(mover, address) && this.#isFreeFor(mover, address) && this.#isFree(mover, node)
        );
      default:
        return true;
    }
  }

  protected override execute(actor: number, node: number, choice: number): void {
    switch (this.wayOf(actor)) {
      case Way.Separates:
        this.separate(actor);
        this.result = 0;
        return;
      case Way.Takes:
        super.execute(actor, node, choice);
        // What was stored under a lock that is given back is visible before what is stored under the next one.
        if (this.#givesBack(actor)) this.separate(actor);
        return;
      case Way.Fetches:
        this.#fetch(actor, node, choice);
        return;
      default:
        super.execute(actor, node, choice);
    }
  }

  /** Makes the load of a read-modify-write, and puts its store into the buffer if it stores anything. */
  #fetch(actor: number, node: number, choice: number): void {
    const { automata } = this;
    const address = automata.address.at[node] as number;
    const found = this.words[address] as number;
    const access = accessNumbered(automata.kind.at[node] as number);
    if (access === undefined || this.isGone(actor, address)) {
      super.execute(actor, node, choice);
      return;
    }
    const operand = automata.operand.at[node] as number;
    this.result = accessKinds[access].answer?.(found, operand, automata.replacement.at[node] as number) ?? 0;
    if (this.leftBy(node, found) !== found) this.putStep(actor, node);
  }

  /** Whether an entry may become visible: nothing before it keeps it back, and nobody else is in the middle of a read-modify-write. */
  #mayLeave(actor: number, index: number): boolean {
    const entry = this.entry(actor, index);
    if (entry < 0) return false;
    const address = this.addressOf(entry);
    const isLast = isRelease[this.automata.kind.at[this.nodeOf(entry)] as number] === 1;
    for (let before = 0; before < index; before++) {
      const other = this.entry(actor, before);
      if (this.isBarrier(other) || this.addressOf(other) === address || (isLast && other >= 0)) return false;
    }
    return this.#isFreeFor(actor, address);
  }

  /** Whether nobody else is in the middle of a read-modify-write of a word. */
  #isFreeFor(actor: number, address: Address): boolean {
    for (let other = 0; other < this.actorCount; other++) {
      if (other === actor) continue;
      for (let index = this.waiting(other) - 1; index >= 0; index--) {
        const entry = this.entry(other, index);
        if (this.addressOf(entry) === address && this.#fetches(entry)) return false;
      }
    }
    return true;
  }

  /** Whether an entry is the store of a read-modify-write that has given something. */
  #fetches(entry: number): boolean {
    return this.ways[this.automata.kind.at[this.nodeOf(entry)] as number] === Way.Fetches;
  }

  /** Whether something is in the buffer of an actor for a word. */
  #waitsFor(actor: number, address: Address): boolean {
    for (let index = this.waiting(actor) - 1; index >= 0; index--)
      if (this.addressOf(this.entry(actor, index)) === address) return true;
    return false;
  }

  /**
   * Whether it is known what an actor finds in a word: what a read-modify-write in its buffer will leave there is known only if it has
   * found already what is there.
   */
  #isSettled(actor: number, address: Address): boolean {
    for (let index = this.waiting(actor) - 1; index >= 0; index--) {
      const entry = this.entry(actor, index);
      if (this.addressOf(entry) !== address) continue;
      return (
        this.#fetches(entry) || this.leftBy(this.nodeOf(entry), 0) === this.leftBy(this.nodeOf(entry), -1)
      );
    }
    return true;
  }

  /** Whether the store of a pending read-modify-write could become visible at once. */
  #isFree(actor: number, node: number): boolean {
    if (isRelease[this.automata.kind.at[node] as number] === 1) return this.waiting(actor) === 0;
    for (let index = this.waiting(actor) - 1; index >= 0; index--)
      if (this.isBarrier(this.entry(actor, index))) return false;
    return true;
  }

  /** Whether a lock that is given back is in the buffer of an actor. */
  #givesBack(actor: number): boolean {
    for (let index = this.waiting(actor) - 1; index >= 0; index--) {
      const entry = this.entry(actor, index);
      if (entry >= 0 && isRelease[this.automata.kind.at[this.nodeOf(entry)] as number] === 1) return true;
    }
    return false;
  }
}
