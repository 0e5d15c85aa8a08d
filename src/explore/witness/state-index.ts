/** Slots at first, a power of two: memory that is not used costs nothing. */
const CAPACITY = 1 << 17;

/**
 * States by their 64-bit hashes, numbered in the order in which they were added: an open-addressing table that doubles
 * when it is half full. Slots hold the low half, the high half, and the number, counted from 1. A hash's slot comes from
 * its highest bits, so that a table moves into the next one in order.
 */
export class StateIndex {
  /** Number of states. */
  size = 0;
  #slots: Int32Array = new Int32Array(3 * CAPACITY);
  #mask = CAPACITY - 1;
  #shift: number = Math.clz32(CAPACITY - 1);
  /** The slot of the state that was asked for last. */
  #asked = 0;

  /** The number of a state, or -1. */
  find(low: number, high: number): number {
    if (2 * this.size > this.#mask) this.#grow();
    this.#asked = this.#slotOf(low, high);
    return (this.#slots[this.#asked + 2] as number) - 1;
  }

  /** Adds the state that was asked for last and is not there, and returns its number. */
  add(low: number, high: number): number {
    const slots = this.#slots;
    const slot = this.#asked;
    slots[slot] = low;
    slots[slot + 1] = high;
    slots[slot + 2] = ++this.size;
    return this.size - 1;
  }

  /** Where the state is, or is to be. */
  #slotOf(low: number, high: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let at = low >>> this.#shift; ; at = (at + 1) & mask) {
      const slot = 3 * at;
      if (slots[slot + 2] === 0 || (slots[slot] === low && slots[slot + 1] === high)) return slot;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = 2 * this.#mask + 1;
    this.#shift--;
    this.#slots = new Int32Array(3 * (this.#mask + 1));
    for (let from = 0; from < old.length; from += 3) {
      if (old[from + 2] === 0) continue;
      const slot = this.#slotOf(old[from] as number, old[from + 1] as number);
      this.#slots[slot] = old[from] as number;
      this.#slots[slot + 1] = old[from + 1] as number;
      this.#slots[slot + 2] = old[from + 2] as number;
    }
  }
}
