import {
  type Address,
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  type FsInfo,
  LINE_WORDS,
  POISON,
  SLAB_ALLOCATED,
  SLAB_FREE,
  SLAB_RCU_PENDING,
  worldWords,
} from '../memory/layout.ts';
import type { Setting } from '../scenario/setting.ts';
import { mixHigh, mixLow } from './hash.ts';

/** Where the one world of a search lies. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any address but NULL will do
export const FS: FsInfo = LINE_WORDS as FsInfo;

/** Fields of an extent_buffer that an allocation zeroes. */
const ZEROED: readonly number[] = [EB_REFS, EB_BFLAGS, EB_IO_PAGES, EB_REFS_LOCK, EB_READ_MIRROR, EB_PAGES];
/** Integers that a step needs at most in the log: its record, and two for each store. */
const STEP_MAX = 64;

/**
 * The shared words of one world: stores keep the hash of the state up to date, and can be taken back. The log holds, per
 * step, what the machine puts there of its own, then address and old value of every store, then their number.
 *
 * The slab: `kmem_cache_zalloc` has a choice: one object that was never used (they are all alike), any that was freed,
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

  constructor({ geometry }: Setting) {
    this.words = new Int32Array(FS + worldWords(geometry));
    this.#buffers = Int32Array.from({ length: geometry.buffers }, (_, index) =>
      bufferAt(FS, geometry, index),
    );
  }

  /** Brings the words into the start state of a setting; the hash is that of the words alone then. */
  protected resetWords({ start, geometry }: Setting): void {
    const { words } = this;
    words.fill(0);
    start.reset(words, geometry, FS);
    this.top = 0;
    let low = 0;
    let high = 0;
    for (let address = 0; address < words.length; address++) {
      low = (low + mixLow(address, words[address] as number)) | 0;
      high = (high + mixHigh(address, words[address] as number)) | 0;
    }
    this.low = low;
    this.high = high;
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
    for (const field of ZEROED) this.storeHashed(eb + field, 0);
    this.storeHashed(eb + EB_SLAB, SLAB_ALLOCATED);
    return eb;
  }

  /** Returns whether the object was in use. */
  protected free(eb: Address, state: number): boolean {
    if (this.words[eb + EB_SLAB] !== SLAB_ALLOCATED) return false;
    this.storeHashed(eb + EB_BFLAGS, POISON);
    this.storeHashed(eb + EB_IO_PAGES, POISON);
    this.storeHashed(eb + EB_SLAB, state);
    return true;
  }

  /** The slab object of that choice, or 0. */
  #slabAt(choice: number, isRcuIdle: boolean): Address {
    const { words } = this;
    let left = choice;
    let isFresh = true;
    for (let index = 0; index < this.#buffers.length; index++) {
      const eb = this.#buffers[index] as number;
      const state = words[eb + EB_SLAB] as number;
      if (state !== SLAB_FREE && (state !== SLAB_RCU_PENDING || !isRcuIdle)) continue;
      if (state === SLAB_FREE && words[eb + EB_BFLAGS] !== POISON) {
        if (!isFresh) continue;
        isFresh = false;
      }
      if (left === 0) return eb;
      left--;
    }
    return 0;
  }
}
