import { accessKinds, accessNumbered } from '../../memory/access.ts';
import { Fault } from '../../memory/fault.ts';
import type { Address } from '../../memory/layout.ts';
import { Kind } from '../program/step.ts';
import { mixHigh, mixLow } from './hash.ts';
import { Machine } from './machine.ts';
import { Way, waysOnX86 } from './waiting.ts';
import { BUFFER_WORDS } from './world.ts';

/** What follows a store in a buffer: the end of a read section, or from here on down lists of ghosts, which become visible with it. */
const SECTION_END = -1;
/** A write barrier: see `Way.Separates`. */
const BARRIER = -2;
const GHOSTS = -3;
/** Entries up to which an actor may take a step: each adds three at most. A processor whose buffer is full waits, too. */
const ROOM = BUFFER_WORDS - 1 - 3;

/**
 * A machine in which stores wait in buffers: x86-TSO. Each actor has one, first in, first out, which moves by itself: it lets its
 * oldest store become visible. An actor finds its own stores at once, those of others once they are visible.
 *
 * A store is judged when it becomes visible: to what has been freed by then it is a use after free, whenever it was made. Nothing is
 * missed by that, since it may become visible at once. What only checks see (ghosts) becomes visible together with the store that it
 * follows; the end of a read section of RCU, for whose stores grace periods wait, once these are visible.
 *
 * Buffers are words behind those of the world, which are taken back like them: their number of entries, then these, the oldest
 * first: the number of a step, or below 0 what is none.
 */
export class BufferedMachine extends Machine {
  /** By kind of step: see `Way`. */
  protected get ways(): Uint8Array {
    return waysOnX86;
  }

  /** By the number of a step: a node in front of it. */
  readonly #nodeOf: number[] = [];

  /** How many entries wait in the buffer of an actor. */
  waiting(actor: number): number {
    return this.words[this.bufferOf(actor)] as number;
  }

  /** An entry of the buffer of an actor, 0 for the oldest: the number of a step, or below 0 what is none. */
  entry(actor: number, index: number): number {
    return this.words[this.bufferOf(actor) + 1 + index] as number;
  }

  /** Whether the buffer of an actor has no room for what another step may put there. */
  isFull(actor: number): boolean {
    return this.waiting(actor) > ROOM;
  }

  /** Which entry of the buffer of an actor becomes visible by a move of it, in one of its ways. */
  leaving(_actor: number, _choice: number): number {
    return 0;
  }

  /** Whether the pending step of an actor is one that only goes into its buffer. */
  isStore(actor: number): boolean {
    return this.wayOf(actor) === Way.Stores;
  }

  /** Whether the actor can go on, or could if its stores were visible. */
  isRunnable(mover: number): boolean {
    return this.isEnabled(mover) || (mover < this.actorCount && this.waiting(mover) > 0);
  }

  override isEnabled(mover: number): boolean {
    if (mover >= this.actorCount) return this.choices(mover) > 0;
    const waiting = this.waiting(mover);
    if (waiting === 0) return super.isEnabled(mover);
    if (this.isFull(mover)) return false;
    switch (this.wayOf(mover)) {
      case Way.Drains:
        return false;
      case Way.Loads:
        return this.isFound(mover);
      case Way.Looks:
        return this.isFound(mover) && this.#looksOnly(mover);
      default:
        return super.isEnabled(mover);
    }
  }

  override choices(mover: number): number {
    if (mover < this.actorCount) return super.choices(mover);
    return this.waiting(mover - this.actorCount) > 0 ? 1 : 0;
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
    const actor = mover - this.actorCount;
    return actor < 0 ? super.take(mover, choice) : this.#flush(actor, this.leaving(actor, choice));
  }

  /** The address of the buffer of an actor. */
  protected bufferOf(actor: number): Address {
    return this.doubt + 1 + BUFFER_WORDS * actor;
  }

  /** The way of the pending step of an actor. */
  protected wayOf(actor: number): number {
    return this.ways[this.automata.kind.at[this.nodes[actor] as number] as number] as number;
  }

  /** A node in front of the step of that number. */
  protected nodeOf(step: number): number {
    return this.#nodeOf[step] as number;
  }

  /** The address of the word that an entry is about, -1 of what is no step. */
  protected addressOf(entry: number): Address {
    return entry < 0 ? -1 : (this.automata.address.at[this.nodeOf(entry)] as number);
  }

  /** What the buffer of an actor has last for a word, undefined if nothing. */
  protected forwarded(actor: number, address: Address): number | undefined {
    for (let index = this.waiting(actor) - 1; index >= 0; index--) {
      const entry = this.entry(actor, index);
      if (this.addressOf(entry) === address)
        return this.leftBy(this.nodeOf(entry), this.words[address] as number);
    }
    return undefined;
  }

  /** Whether what the pending load of an actor finds, of its own or in memory, lets it go on. */
  protected isFound(actor: number): boolean {
    const { automata } = this;
    const node = this.nodes[actor] as number;
    const forwarded = this.forwarded(actor, automata.address.at[node] as number);
    if (forwarded === undefined) return super.isEnabled(actor);
    const access = accessNumbered(automata.kind.at[node] as number);
    const isReady = access === undefined ? undefined : accessKinds[access].isReady;
    return isReady === undefined || isReady(forwarded, automata.operand.at[node] as number);
  }

  /** What the store of a node leaves in a word that holds `found`. */
  protected leftBy(node: number, found: number): number {
    const { automata } = this;
    const access = accessNumbered(automata.kind.at[node] as number);
    if (access === undefined) return found;
    const { leaves, target } = accessKinds[access];
    // A spin lock that is given back holds 0.
    if (leaves === undefined) return target === 'spin-lock' ? 0 : found;
    return leaves(found, automata.operand.at[node] as number, automata.replacement.at[node] as number);
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
    const way = this.wayOf(actor);
    if (way === Way.Stores) {
      this.putStep(actor, node);
      this.result = 0;
      return;
    }
    const isLoad = way === Way.Loads || way === Way.Looks;
    const address = automata.address.at[node] as number;
    const forwarded = isLoad ? this.forwarded(actor, address) : undefined;
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
    else this.put(actor, GHOSTS - ghosts);
  }

  protected override leaveSection(actor: number, node: number): void {
    if (this.waiting(actor) === 0) super.leaveSection(actor, node);
    else if (!this.isInRcuBehind(node)) this.put(actor, SECTION_END);
  }

  protected override readers(): number {
    let readers = super.readers();
    for (let actor = 0; actor < this.actorCount; actor++) if (this.#endsSection(actor)) readers |= 1 << actor;
    return readers;
  }

  /** Puts the step of a node into the buffer of its actor. */
  protected putStep(actor: number, node: number): void {
    const step = this.automata.step.at[node] as number;
    this.#nodeOf[step] = node;
    this.put(actor, step);
  }

  /** Has what is in the buffer of an actor become visible before what comes behind it. */
  protected separate(actor: number): void {
    if (this.waiting(actor) > 0) this.put(actor, BARRIER);
  }

  /** Whether an entry is a barrier. */
  isBarrier(entry: number): boolean {
    return entry === BARRIER;
  }

  protected put(actor: number, entry: number): void {
    const buffer = this.bufferOf(actor);
    const waiting = this.words[buffer] as number;
    this.storeUnhashed(buffer + 1 + waiting, entry);
    this.storeUnhashed(buffer, waiting + 1);
  }

  /** Whether the pending step of an actor, which looks first, will write nothing. */
  #looksOnly(actor: number): boolean {
    const { automata } = this;
    const node = this.nodes[actor] as number;
    const address = automata.address.at[node] as number;
    const found = this.forwarded(actor, address) ?? this.words[address] ?? 0;
    return this.leftBy(node, found) === found;
  }

  /** Whether the end of a section waits. */
  #endsSection(actor: number): boolean {
    for (let index = this.waiting(actor) - 1; index > 0; index--)
      if (this.entry(actor, index) === SECTION_END) return true;
    return false;
  }

  /** Lets a store of an actor become visible, with the ghosts behind it. Returns the check that this violates, or 0. */
  #flush(actor: number, index: number): number {
    const { automata, words } = this;
    this.open(actor, this.nodes[actor] as number);
    this.result = 0;
    const node = this.nodeOf(this.entry(actor, index));
    const address = automata.address.at[node] as number;
    const kind = automata.kind.at[node] as number;
    const old = words[address] as number;
    const value = this.leftBy(node, old);
    const isGone = this.isGone(actor, address);
    // A page's lock that is given back is held: of all that is given back it alone may be another's.
    if (isGone || (kind === Kind.UnlockPage && value === old)) {
      this.closeStep();
      return isGone ? Fault.UseAfterFree : Fault.BadUnlock;
    }
    if (value !== old) {
      this.storeHashed(address, value);
      if (kind !== Kind.SpinUnlock) this.stir();
    }
    let end = index + 1;
    for (; end < this.waiting(actor) && this.entry(actor, end) <= GHOSTS; end++)
      super.haunt(GHOSTS - this.entry(actor, end), actor);
    this.#remove(actor, index, end);
    this.#settle(actor);
    this.renew(actor);
    this.closeStep();
    return 0;
  }

  /** What is no store is over as soon as it is the oldest. */
  #settle(actor: number): void {
    let end = 0;
    for (; end < this.waiting(actor) && this.entry(actor, end) < 0; end++) {
      if (this.entry(actor, end) <= GHOSTS) super.haunt(GHOSTS - this.entry(actor, end), actor);
      // In a section that it has entered since, the actor keeps what it had: there are schedules in which it does not.
      const isOver = this.automata.inRcu.at[this.nodes[actor] as number] === 0;
      if (this.entry(actor, end) === SECTION_END && isOver && this.graceOf(actor) !== 0) this.endGrace(actor);
    }
    this.#remove(actor, 0, end);
  }

  #remove(actor: number, from: number, end: number): void {
    if (from === end) return;
    const buffer = this.bufferOf(actor);
    const waiting = this.waiting(actor);
    const left = waiting - (end - from);
    for (let index = from; index < left; index++)
      this.storeUnhashed(buffer + 1 + index, this.entry(actor, index + end - from));
    // What was there is no part of the state.
    for (let index = left; index < waiting; index++) this.storeUnhashed(buffer + 1 + index, 0);
    this.storeUnhashed(buffer, left);
  }
}
