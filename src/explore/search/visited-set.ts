/**
 * The states that have been seen, as 64-bit hashes in an open-addressing table that doubles when it is 5/8 full. Two
 * different states with equal hashes count as one, so that the second would be missed: with n states the probability
 * that this happened at all is about n^2 / 2^65, and the result states it. A hash's slot comes from its highest bits, so
 * that a table moves into the next one in order, which takes a fraction of the time.
 */
export class VisitedSet {
  /** Number of hashes in the set. */
  size = 0;
  #slots: Int32Array;
  #mask: number;
  #shift: number;
  #limit: number;

  /** `capacity` is a power of two, 2 at least. */
  constructor(capacity: number = 1 << 14) {
    this.#slots = new Int32Array(2 * capacity);
    this.#mask = capacity - 1;
    this.#shift = Math.clz32(this.#mask);
    this.#limit = (capacity >>> 3) * 5;
  }

  /** Adds a hash. Returns false if it was there. */
  add(low: number, high: number): boolean {
    const slots = this.#slots;
    const mask = this.#mask;
    // All zero is an empty slot.
    const lower = (low | high) === 0 ? 1 : low | 0;
    const higher = high | 0;
    let slot = lower >>> this.#shift;
    for (;;) {
      const seen = slots[2 * slot] as number;
      const seenHigh = slots[2 * slot + 1] as number;
      if (seen === lower && seenHigh === higher) return false;
      if (seen === 0 && seenHigh === 0) break;
      slot = (slot + 1) & mask;
    }
    slots[2 * slot] = lower;
    slots[2 * slot + 1] = higher;
    this.size++;
    if (this.size > this.#limit) this.#grow();
    return true;
  }

  /** Whether a hash is in the set. */
  has(low: number, high: number): boolean {
    const slots = this.#slots;
    const lower = (low | high) === 0 ? 1 : low | 0;
    const higher = high | 0;
    for (let slot = lower >>> this.#shift; ; slot = (slot + 1) & this.#mask) {
      const seen = slots[2 * slot] as number;
      const seenHigh = slots[2 * slot + 1] as number;
      if (seen === lower && seenHigh === higher) return true;
      if (seen === 0 && seenHigh === 0) return false;
    }
  }

  /** Adds all hashes to another set. */
  addTo(other: { readonly add: (low: number, high: number) => boolean }): void {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 2) {
      const low = slots[at] as number;
      const high = slots[at + 1] as number;
      if (low !== 0 || high !== 0) other.add(low, high);
    }
  }

  #grow(): void {
    const old = this.#slots;
    const capacity = (this.#mask + 1) * 2;
    const slots = new Int32Array(2 * capacity);
    const mask = capacity - 1;
    const shift = Math.clz32(mask);
    for (let from = 0; from < old.length; from += 2) {
      const low = old[from] as number;
      const high = old[from + 1] as number;
      if (low === 0 && high === 0) continue;
      let slot = low >>> shift;
      while (slots[2 * slot] !== 0 || slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = low;
      slots[2 * slot + 1] = high;
    }
    this.#slots = slots;
    this.#mask = mask;
    this.#shift = shift;
    this.#limit = (capacity >>> 3) * 5;
  }
}

/** The probability that some state was missed, with that many hashes of 64 bits. */
export function missProbability(states: number): number {
  return (states / 2 ** 32) * (states / 2 ** 33);
}
