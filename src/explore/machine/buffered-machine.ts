import { accessKinds, accessNumbered } from '../../memory/access.ts';
import { Fault } from '../../memory/fault.ts';
import type { Address } from '../../memory/layout.ts';
import { Kind } from '../program/step.ts';
import { mixHigh, mixLow } from './hash.ts';
import { Machine } from './machine.ts';
import { Way, waysOnX86 } from './waiting.ts';
import { BUFFER_WORDS } from './world.ts';

const WAYS = waysOnX86();
/** Entries that follow a store: what leaves the buffer with it. The end of a read section, or from here on down lists of ghosts. */
const SECTION_END = -1;
const GHOSTS = -2;
/** Entries up to which an actor may take a step: each adds two at most. A processor whose buffer is full waits, too. */
const ROOM = BUFFER_WORDS - 1 - 2;

/**
 * A machine in which stores wait in buffers: x86-TSO. Each actor has one, first in, first out, which moves by itself: it lets its
 * oldest store become visible. An actor finds its own stores at once, those of others once they are visible.
 *
 * A store is judged when it becomes visible: to what has been freed by then it is a use after free, whenever it was made. Nothing is
 * missed by that, since it may become visible at once. What only checks see (ghosts) and the end of a read section of RCU, for whose
 * stores grace periods wait, become visible together with the store that they follow.
 *
 * Buffers are words behind those of the world, which are taken back like them: their number of entries, then these, the oldest
 * first: the number of the step, or what follows it.
 */
export class BufferedMachine extends Machine {
  /** By the number of a step: a node in front of it. */
  readonly #nodeOf: number[] = [];

  /** How many entries wait in the buffer of an actor. */
  waiting(actor: number): number {
    return this.words[this.bufferOf(actor)] as number;
  }

  /** An entry of the buffer of an actor, 0 for the oldest: the number of a step, or below 0 what follows one. */
  entry(actor: number, index: number): number {
    return this.words[this.bufferOf(actor) + 1 + index] as number;
  }

  /** The number of the step of the store that becomes visible by a move of a buffer. */
  leaving(mover: number, _choice: number): number {
    return this.entry(mover - this.actorCount, 0);
  }

  /** Whether the pending step of an actor is one that waits in its buffer. */
  isStore(actor: number): boolean {
    return this.#wayOf(actor) === Way.Stores;
  }

  /** Whether the actor can go on, or could if its stores were visible. */
  isRunnable(mover: number): boolean {
    return this.isEnabled(mover) || (mover < this.actorCount && this.waiting(mover) > 0);
  }

  override isEnabled(mover: number): boolean {
    if (mover >= this.actorCount) return this.waiting(mover - this.actorCount) > 0;
    const waiting = this.waiting(mover);
    if (waiting === 0) return super.isEnabled(mover);
    if (waiting > ROOM) return false;
    const way = this.#wayOf(mover);
    if (way === Way.Drains) return false;
    if (way !== Way.Loads && way !== Way.Looks) return super.isEnabled(mover);
    const { automata, words } = this;
    const node = this.nodes[mover] as number;
    const address = automata.address.at[node] as number;
    const forwarded = this.#forwarded(mover, address);
    const found = forwarded ?? words[address] ?? 0;
    const { isReady, answer } = accessKinds[accessNumbered(automata.kind.at[node] as number) ?? 'smpMb'];
    if (way === Way.Looks)
      return (
        answer?.(found, automata.operand.at[node] as number, automata.replacement.at[node] as number) === 0
      );
    if (forwarded === undefined || isReady === undefined) return super.isEnabled(mover);
    return isReady(found, automata.operand.at[node] as number);
  }

  override choices(mover: number): number {
    return mover < this.actorCount ? super.choices(mover) : 1;
  }

  override spins(mover: number): boolean {
    return mover < this.actorCount && super.spins(mover);
  }

  override isDone(): boolean {
    for (let actor = 0; actor < this.actorCount; actor++) if (this.waiting(actor) > 0) return false;
    return super.isDone();
  }

  override areAlike(one: number, other: number): boolean {
    const { actorCount } = this;
    if (one < actorCount !== other < actorCount) return false;
    return super.areAlike(one % actorCount, other % actorCount);
  }

  override actorLow(mover: number): number {
    return super.actorLow(mover % this.actorCount) ^ (mover < this.actorCount ? 0 : -1);
  }

  override actorHigh(mover: number): number {
    return super.actorHigh(mover % this.actorCount) ^ (mover < this.actorCount ? 0 : -1);
  }

  override take(mover: number, choice: number): number {
    return mover < this.actorCount ? super.take(mover, choice) : this.#flush(mover - this.actorCount);
  }

  /** The address of the buffer of an actor. */
  protected bufferOf(actor: number): Address {
    return this.doubt + 1 + BUFFER_WORDS * actor;
  }

  protected override renew(actor: number): void {
    super.renew(actor);
    const waiting = this.waiting(actor);
    if (waiting === 0) return;
    let low = this.termLow[actor] as number;
    let high = this.termHigh[actor] as number;
    this.low = (this.low - low) | 0;
    this.high = (this.high - high) | 0;
    for (let index = 0; index < waiting; index++) {
      const entry = this.entry(actor, index);
      low = mixLow(low, entry);
      high = mixHigh(high, entry);
    }
    this.low = (this.low + low) | 0;
    this.high = (this.high + high) | 0;
    this.termLow[actor] = low;
    this.termHigh[actor] = high;
  }

  protected override execute(actor: number, node: number, choice: number): void {
    const { automata, words } = this;
    if (this.#wayOf(actor) === Way.Stores) {
      const step = automata.step.at[node] as number;
      this.#nodeOf[step] = node;
      this.#put(actor, step);
      this.result = 0;
      return;
    }
    const address = automata.address.at[node] as number;
    const forwarded = this.waiting(actor) === 0 ? undefined : this.#forwarded(actor, address);
    if (forwarded === undefined) {
      super.execute(actor, node, choice);
      return;
    }
    // What it finds is put there for it: nothing is written in such a step.
    const there = words[address] as number;
    words[address] = forwarded;
    super.execute(actor, node, choice);
    words[address] = there;
  }

  protected override haunt(ghosts: number, actor: number): void {
    if (this.waiting(actor) === 0) super.haunt(ghosts, actor);
    else this.#put(actor, GHOSTS - ghosts);
  }

  protected override leaveSection(actor: number, node: number): void {
    if (this.waiting(actor) === 0) super.leaveSection(actor, node);
    else if (!this.isInRcuBehind(node)) this.#put(actor, SECTION_END);
  }

  protected override readers(): number {
    let readers = super.readers();
    for (let actor = 0; actor < this.actorCount; actor++) if (this.#endsSection(actor)) readers |= 1 << actor;
    return readers;
  }

  /** Whether the end of a section waits. */
  #endsSection(actor: number): boolean {
    for (let index = this.waiting(actor) - 1; index > 0; index--)
      if (this.entry(actor, index) === SECTION_END) return true;
    return false;
  }

  #wayOf(actor: number): number {
    return WAYS[this.automata.kind.at[this.nodes[actor] as number] as number] as number;
  }

  /** What the buffer of an actor has last for a word, undefined if nothing. */
  #forwarded(actor: number, address: Address): number | undefined {
    const { automata } = this;
    for (let index = this.waiting(actor) - 1; index >= 0; index--) {
      const entry = this.entry(actor, index);
      if (entry < 0) continue;
      const node = this.#nodeOf[entry] as number;
      if (automata.address.at[node] === address) return this.#valueOf(node, 0);
    }
    return undefined;
  }

  /** What the store of a node leaves in a word that holds `found`. */
  #valueOf(node: number, found: number): number {
    const { automata } = this;
    const access = accessNumbered(automata.kind.at[node] as number);
    if (access === undefined) return found;
    // A spin lock that is given back holds 0.
    return accessKinds[access].leaves?.(found, automata.operand.at[node] as number, 0) ?? 0;
  }

  #put(actor: number, entry: number): void {
    const buffer = this.bufferOf(actor);
    const waiting = this.words[buffer] as number;
    this.storeUnhashed(buffer + 1 + waiting, entry);
    this.storeUnhashed(buffer, waiting + 1);
  }

  /** Lets the oldest store of an actor become visible. Returns the check that this violates, or 0. */
  #flush(actor: number): number {
    const { automata, words } = this;
    this.open(actor, this.nodes[actor] as number);
    this.result = 0;
    const node = this.#nodeOf[this.entry(actor, 0)] as number;
    const address = automata.address.at[node] as number;
    if (this.isGone(actor, address)) {
      this.closeStep();
      return Fault.UseAfterFree;
    }
    const old = words[address] as number;
    const value = this.#valueOf(node, old);
    if (value !== old) {
      this.storeHashed(address, value);
      if (automata.kind.at[node] !== Kind.SpinUnlock) this.stir();
    }
    this.#shift(actor, this.#follow(actor));
    this.renew(actor);
    this.closeStep();
    return 0;
  }

  /** Lets what follows the oldest store become visible, too. Returns how many entries that makes. */
  #follow(actor: number): number {
    const waiting = this.waiting(actor);
    for (let index = 1; index < waiting; index++) {
      const entry = this.entry(actor, index);
      if (entry >= 0) return index;
      if (entry <= GHOSTS) super.haunt(GHOSTS - entry, actor);
      // In a section that it has entered since, the actor keeps what it had: there are schedules in which it does not.
      else if (this.automata.inRcu.at[this.nodes[actor] as number] === 0 && this.graceOf(actor) !== 0)
        this.endGrace(actor);
    }
    return waiting;
  }

  #shift(actor: number, count: number): void {
    const buffer = this.bufferOf(actor);
    const left = this.waiting(actor) - count;
    for (let index = 0; index < left; index++)
      this.storeUnhashed(buffer + 1 + index, this.entry(actor, index + count));
    // What was there is no part of the state.
    for (let index = left; index < left + count; index++) this.storeUnhashed(buffer + 1 + index, 0);
    this.storeUnhashed(buffer, left);
  }
}
