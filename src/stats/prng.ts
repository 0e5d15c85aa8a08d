/**
 * The project's only source of randomness: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators", ACM TOMS 47, 2021), seeded through splitmix32. The core uses 32-bit integer operations
 * only, so a seed gives the same sequence on every machine and engine. It is a simulation generator: not for
 * secrets.
 */

/** Largest share of the 2^32 outputs, as a count. */
const OUTPUT_COUNT = 0x1_0000_0000;

/** Weyl increment of splitmix32: 2^32 divided by the golden ratio, made odd. */
const GOLDEN_GAMMA = 0x9e37_79b9;

/** Finaliser of splitmix32 (a bijection of 32-bit words; constants of C. Wellons' search, "lowbias32"). */
function mix32(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
  return (mixed ^ (mixed >>> 15)) | 0;
}

/**
 * A seeded stream of uniform 32-bit words; one instance per thread, never shared.
 *
 * The state is four integer fields, so a monomorphic call site allocates nothing.
 */
export class Prng {
  /** Invariant: the four words are never all zero (zero is the one fixed point of xoshiro). */
  #s0: number;
  #s1: number;
  #s2: number;
  #s3: number;

  /**
   * @param seed - Integer from 0 to 2^32 - 1. Equal seeds give equal sequences.
   * @throws {RangeError} If `seed` is not such an integer.
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= OUTPUT_COUNT) {
      throw new RangeError(`seed: expected an integer from 0 to 4294967295, got ${seed}`);
    }
    // Four successive Weyl steps are distinct and mix32 is a bijection, so at most one word is zero.
    this.#s0 = mix32(seed + GOLDEN_GAMMA);
    this.#s1 = mix32(seed + 2 * GOLDEN_GAMMA);
    this.#s2 = mix32(seed + 3 * GOLDEN_GAMMA);
    this.#s3 = mix32(seed + 4 * GOLDEN_GAMMA);
  }

  /** The next word: an integer from 0 to 2^32 - 1. */
  nextUint32(): number {
    const scrambled = Math.imul(this.#s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = this.#s1 << 9;
    this.#s2 ^= this.#s0;
    this.#s3 ^= this.#s1;
    this.#s1 ^= this.#s2;
    this.#s0 ^= this.#s3;
    this.#s2 ^= shifted;
    this.#s3 = (this.#s3 << 11) | (this.#s3 >>> 21);
    return result >>> 0;
  }

  /**
   * An integer from 0 to `n - 1`, every value equally likely: words of the incomplete last cycle are drawn
   * again.
   *
   * @param n - Integer from 1 to 2^32.
   * @throws {RangeError} If `n` is not such an integer.
   */
  nextBelow(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > OUTPUT_COUNT) {
      throw new RangeError(`n: expected an integer from 1 to 4294967296, got ${n}`);
    }
    const limit = OUTPUT_COUNT - (OUTPUT_COUNT % n);
    let word = this.nextUint32();
    while (word >= limit) word = this.nextUint32();
    return word % n;
  }

  /** A multiple of 2^-53 in [0, 1); consumes two words. */
  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  }

  /** Shuffles `array` in place (Fisher-Yates) and returns it; every order is equally likely. */
  shuffle<T>(array: T[]): T[] {
    for (let last = array.length - 1; last > 0; last -= 1) {
      const other = this.nextBelow(last + 1);
      // Both indices are below the length, so the elements exist; they are undefined only if T allows it.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const held = array[last] as T;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      array[last] = array[other] as T;
      array[other] = held;
    }
    return array;
  }

  /**
   * A stream of its own for thread or block number `stream`, derived from the present state without advancing
   * it: the same parent state and number give the same child. The child's state mixes the number with
   * the parent's four words, so that streams overlap no more than by chance.
   *
   * @param stream - Integer from 0 to 2^32 - 1.
   * @throws {RangeError} If `stream` is not such an integer.
   */
  fork(stream: number): Prng {
    const child = new Prng(stream);
    let carry = mix32(stream ^ GOLDEN_GAMMA);
    carry = mix32(carry ^ this.#s0);
    child.#s0 ^= carry;
    carry = mix32(carry ^ this.#s1);
    child.#s1 ^= carry;
    carry = mix32(carry ^ this.#s2);
    child.#s2 ^= carry;
    carry = mix32(carry ^ this.#s3);
    child.#s3 ^= carry;
    if ((child.#s0 | child.#s1 | child.#s2 | child.#s3) === 0) child.#s0 = 1;
    return child;
  }
}
