/** Bits of a limb: the sum of two and the product with a small factor are exact in a double. */
const LIMB_BITS = 47;
const LIMB = 2 ** LIMB_BITS;
/** The largest factor of `addTimes`. */
const FACTOR_MAX = 62;

/**
 * Natural numbers of any size in a table, each without an object of its own: limbs of 47 bits in doubles, the lowest
 * first, as many for each number as the largest needs.
 */
export class Naturals {
  #limbs = 3;
  /** Memory that is not used costs nothing, and making it larger costs much. */
  #rows = 1 << 16;
  #at: Float64Array = new Float64Array(this.#limbs * this.#rows);

  /** Adds `factor` (an integer from 0 to 62) to number `to`. */
  add(to: number, factor: number): void {
    this.#reach(to);
    this.#carry(to, 0, factor);
  }

  /** Adds `factor` (an integer from 0 to 62) times number `from` to number `to`, which are different. */
  addTimes(to: number, factor: number, from: number): void {
    if (factor > FACTOR_MAX) throw new RangeError(`factor: expected at most ${FACTOR_MAX}, got ${factor}`);
    this.#reach(Math.max(to, from));
    const at = this.#at;
    const limbs = this.#limbs;
    let carry = 0;
    for (let limb = 0; limb < limbs; limb++) {
      const sum = (at[to * limbs + limb] as number) + factor * (at[from * limbs + limb] as number) + carry;
      carry = Math.floor(sum / LIMB);
      at[to * limbs + limb] = sum - carry * LIMB;
    }
    if (carry !== 0) this.#carry(to, limbs, carry);
  }

  /** Number `index` in decimal digits. */
  text(index: number): string {
    this.#reach(index);
    let value = 0n;
    for (let limb = this.#limbs - 1; limb >= 0; limb--) {
      value = (value << BigInt(LIMB_BITS)) + BigInt(this.#at[index * this.#limbs + limb] as number);
    }
    return String(value);
  }

  /** Adds to one limb and up. */
  #carry(to: number, from: number, amount: number): void {
    let carry = amount;
    for (let limb = from; carry !== 0; limb++) {
      if (limb === this.#limbs) this.#resize(this.#rows, this.#limbs + 1);
      const sum = (this.#at[to * this.#limbs + limb] as number) + carry;
      carry = Math.floor(sum / LIMB);
      this.#at[to * this.#limbs + limb] = sum - carry * LIMB;
    }
  }

  #reach(index: number): void {
    if (index >= this.#rows) this.#resize(Math.max(index + 1, 2 * this.#rows), this.#limbs);
  }

  #resize(rows: number, limbs: number): void {
    const at = new Float64Array(rows * limbs);
    if (limbs === this.#limbs) at.set(this.#at);
    else this.#spread(at, limbs);
    this.#at = at;
    this.#rows = rows;
    this.#limbs = limbs;
  }

  /** Copies into rows of more limbs. */
  #spread(at: Float64Array, limbs: number): void {
    for (let row = 0; row < this.#rows; row++) {
      for (let limb = 0; limb < this.#limbs; limb++) {
        at[row * limbs + limb] = this.#at[row * this.#limbs + limb] as number;
      }
    }
  }
}
