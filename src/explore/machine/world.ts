import { areasOf, BUFFER_AREA } from '../../memory/areas.ts';
import {
  type Address,
  OBJECT_SLAB,
  POISON,
  SLAB_ALLOCATED,
  SLAB_FREE,
  SLAB_RCU_PENDING,
  objectAt,
  worldWords,
} from '../../memory/layout.ts';
import { zeroedWords } from '../../memory/structures.ts';
import type { Setting } from '../../scenario/setting.ts';
import { FS } from '../program/fs.ts';
import { mixHigh, mixLow } from './hash.ts';

/** The one word of a poisoned object that the hash knows. */
const MARK = 1;
/** In doubt: a plug-in may know objects by their addresses that nobody has allocated. */
const UNUSED = 1 << 30;
/** Words of a store buffer: how many entries it has, and these. Behind those of the world, one for each actor, unless stores do not wait. */
export const BUFFER_WORDS: number = 1 + 32;
/** Integers that a step needs at most in the log: its record, and two for each store. */
const STEP_MAX = 512;

/**
 * The shared words of one world: stores keep the hash of the state up to date, and can be taken back. The log holds, per
 * step, what the machine puts there of its own, then address and old value of every store, then their number.
 *
 * Freed objects: every access to one is a use after free, but those of actors inside of an RCU read section that they entered
 * before it was given away. Who may is kept in words behind those of the world, which are taken back like them; what it adds
 * to the hash is the machine's business, since it belongs to actors. What nobody may look at any more is poisoned, so that most
 * steps see what they met by what they find; to the hash a poisoned word is one that holds 0, but for one of each object.
 *
 * The slab: `kmem_cache_zalloc` has a choice: one object that was never used (if they are all alike), any that was freed,
 * and those that wait for RCU while no actor is inside of a read section. The hardware engine may take any of them.
 */
export class World {
  readonly words: Int32Array;
  /** Hash of the state. */
  low = 0;
  high = 0;
  protected log: Int32Array = new Int32Array(1 << 12);
  protected top = 0;
  #stores = 0;
  readonly #buffers: Int32Array;
  /** Fields of an object: an allocation zeroes them, and of a freed one they say nothing. */
  readonly #fields: readonly Address[];
  /** By address: where the slab state of the buffer stands that the word belongs to, or 0. */
  readonly #slabOf: Int32Array;
  /** By address of a slab state: the bit of its buffer. */
  readonly #bitOf: Int32Array;
  /** Behind the words of the world, a word per actor: the buffers that it may touch although they wait for RCU, a bit each. */
  readonly #graceBase: Address;
  /** Behind them: whether what a step finds does not tell that it must not look there. */
  protected readonly doubt: Address;
  readonly #actors: number;
  readonly #areBuffersAlike: boolean;
  /** The start state, and its hash. */
  #startWords: Int32Array = new Int32Array(0);
  #startLow = 0;
  #startHigh = 0;

  constructor(setting: Setting, areBuffersAlike: boolean) {
    const { geometry, actors } = setting;
    this.#areBuffersAlike = areBuffersAlike;
    this.#actors = actors.length;
    this.#graceBase = FS + worldWords(geometry);
    this.doubt = this.#graceBase + this.#actors;
    this.words = new Int32Array(
      this.doubt + 1 + (setting.ordering === 'sc' ? 0 : BUFFER_WORDS * this.#actors),
    );
    this.#slabOf = new Int32Array(this.words.length);
    this.#bitOf = new Int32Array(this.words.length);
    this.#fields = zeroedWords(geometry);
    this.#buffers = Int32Array.from({ length: geometry.buffers }, (_, index) =>
      objectAt(FS, geometry, index),
    );
    for (const [offset, area] of areasOf(geometry).entries()) {
      if (area < BUFFER_AREA) continue;
      const slab = (this.#buffers[area - BUFFER_AREA] as number) + OBJECT_SLAB;
      this.#slabOf[FS + offset] = slab;
      this.#bitOf[slab] = 1 << (area - BUFFER_AREA);
    }
    this.#begin(setting);
  }

  /** Brings the words into the start state; the hash is that of the words alone then. */
  protected resetWords(): void {
    this.words.set(this.#startWords);
    this.low = this.#startLow;
    this.high = this.#startHigh;
    this.top = 0;
  }

  #begin({ start, geometry }: Setting): void {
    const { words } = this;
    start.reset(words, geometry, FS);
    // What was never allocated is told by its zeros from what was freed: the state of the slab says of both that nobody may look.
    for (const eb of this.#buffers)
      if (words[eb + OBJECT_SLAB] === SLAB_FREE) for (const field of this.#fields) words[eb + field] = 0;
    for (let address = 0; address < this.#graceBase; address++) {
      this.#startLow = (this.#startLow + mixLow(address, words[address] as number)) | 0;
      this.#startHigh = (this.#startHigh + mixHigh(address, words[address] as number)) | 0;
    }
    if (!this.#areBuffersAlike) words[this.doubt] = UNUSED;
    this.#startWords = words.slice();
  }

  /** Begins a step: makes room for `record` integers of the machine's, and returns where. */
  protected openStep(record: number): number {
    if (this.top + STEP_MAX > this.log.length) {
      const larger = new Int32Array(this.log.length * 2);
      larger.set(this.log);
      this.log = larger;
    }
    const { top } = this;
    this.top = top + record;
    this.#stores = 0;
    return top;
  }

  protected closeStep(): void {
    this.log[this.top] = this.#stores;
    this.top++;
  }

  /** Takes the stores of the last step back, and returns where its record of so many integers is. */
  protected undoStores(record: number): number {
    const { log, words } = this;
    let top = this.top - 1;
    const stores = log[top] as number;
    top -= 2 * stores;
    // Backwards, since a word may have been stored to twice.
    for (let at = top + 2 * (stores - 1); at >= top; at -= 2)
      words[log[at] as number] = log[at + 1] as number;
    this.top = top - record;
    return this.top;
  }

  /** A store; the word is a term of the hash. */
  protected storeHashed(address: Address, value: number): void {
    const old = this.words[address] as number;
    if (old === value) return;
    this.low = (this.low + mixLow(address, value) - mixLow(address, old)) | 0;
    this.high = (this.high + mixHigh(address, value) - mixHigh(address, old)) | 0;
    this.storeUnhashed(address, value);
  }

  /** A store whose word is not a term of its own in the hash. */
  protected storeUnhashed(address: Address, value: number): void {
    const at = this.top;
    this.log[at] = address;
    this.log[at + 1] = this.words[address] as number;
    this.top = at + 2;
    this.#stores++;
    this.words[address] = value;
  }

  protected slabChoices(isRcuIdle: boolean): number {
    let count = 0;
    while (this.#slabAt(count, isRcuIdle) !== 0) count++;
    return count;
  }

  protected allocate(choice: number, isRcuIdle: boolean): Address {
    const eb = this.#slabAt(choice, isRcuIdle);
    const { words } = this;
    // The one poisoned word that the hash knows.
    this.storeHashed(eb + MARK, 0);
    for (const field of this.#fields)
      if (words[eb + field] === POISON) this.storeUnhashed(eb + field, 0);
      else this.storeHashed(eb + field, 0);
    this.storeHashed(eb + OBJECT_SLAB, SLAB_ALLOCATED);
    return eb;
  }

  /** Frees an object, which `readers` may still look at, a bit each. Returns whether it was in use. */
  protected free(eb: Address, state: number, readers: number): boolean {
    const slab = eb + OBJECT_SLAB;
    if (this.words[slab] !== SLAB_ALLOCATED) return false;
    this.storeHashed(slab, state);
    for (let rest = readers; rest !== 0; rest &= rest - 1) {
      const grace = this.#graceBase + 31 - Math.clz32(rest & -rest);
      this.storeUnhashed(grace, (this.words[grace] as number) | (this.#bitOf[slab] as number));
    }
    if (readers === 0) this.#poison(eb);
    else this.#settleDoubt();
    return true;
  }

  /** Whether the word is one of a freed buffer that the actor may not touch. */
  protected isGone(actor: number, address: Address): boolean {
    // An address may be that of no word at all.
    const slab = this.#slabOf[address] ?? 0;
    // Looked up before it is known to be needed: a look-up that was never made makes V8 give up what it has compiled.
    const mayLook = this.graceOf(actor) & (this.#bitOf[slab] as number);
    return mayLook === 0 && slab !== 0 && this.words[slab] !== SLAB_ALLOCATED;
  }

  /** The freed buffers that an actor may still look at, a bit each. */
  protected graceOf(actor: number): number {
    return this.words[this.#graceBase + actor] as number;
  }

  /** An actor has left its read section: objects that nobody may look at any more are poisoned. */
  protected endGrace(actor: number): void {
    let over = this.graceOf(actor);
    this.storeUnhashed(this.#graceBase + actor, 0);
    this.#settleDoubt();
    for (let reader = 0; reader < this.#actors; reader++) over &= ~this.graceOf(reader);
    for (let rest = over; rest !== 0; rest &= rest - 1)
      this.#poison(this.#buffers[31 - Math.clz32(rest & -rest)] as number);
  }

  /** Nobody may look at the object any more: what it held tells no states apart. */
  #poison(eb: Address): void {
    for (const field of this.#fields) {
      if (field === MARK) continue;
      this.storeHashed(eb + field, 0);
      this.storeUnhashed(eb + field, POISON);
    }
    this.storeHashed(eb + MARK, POISON);
  }

  /** What waits for RCU holds what it held, and what was never used holds zeros: whoever may know its address is looked at closely. */
  #settleDoubt(): void {
    let doubt = this.#areBuffersAlike ? 0 : UNUSED;
    for (let reader = 0; reader < this.#actors; reader++) doubt |= this.graceOf(reader);
    this.storeUnhashed(this.doubt, doubt);
  }

  /** The slab object of that choice, or 0. */
  #slabAt(choice: number, isRcuIdle: boolean): Address {
    const { words } = this;
    let left = choice;
    let isFresh = true;
    for (let index = 0; index < this.#buffers.length; index++) {
      const eb = this.#buffers[index] as number;
      const state = words[eb + OBJECT_SLAB] as number;
      if (state !== SLAB_FREE && (state !== SLAB_RCU_PENDING || !isRcuIdle)) continue;
      if (this.#areBuffersAlike && state === SLAB_FREE && words[eb + MARK] !== POISON) {
        if (!isFresh) continue;
        isFresh = false;
      }
      if (left === 0) return eb;
      left--;
    }
    return 0;
  }
}
