/**
 * The hash of a state is a sum: one term for every shared word that can vary, one for every actor, one for the notes.
 * A step changes a few terms, so that the hash is kept up to date instead of computed; and since a sum does not know
 * the order of its terms, like actors that have changed places give the same hash: symmetry costs nothing.
 *
 * Each half of the 64 bits is a sum of its own modulo 2^32, over terms that a mixer of its own makes.
 */

/** One term for the low half: a mixer of two integers (multiply, fold, multiply, fold). */
export function mixLow(one: number, other: number): number {
  let hash = Math.imul(one + 0x7f4a_7c15, 0x9e37_79b1) ^ Math.imul(other + 0x1656_67b1, 0x85eb_ca77);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b_3c6d);
  hash ^= hash >>> 12;
  hash = Math.imul(hash, 0x297a_2d39);
  return hash ^ (hash >>> 15);
}

/** One term for the high half. */
export function mixHigh(one: number, other: number): number {
  let hash = Math.imul(one + 0x27d4_eb2f, 0xc2b2_ae3d) ^ Math.imul(other + 0x51ed_270b, 0x1b87_3593);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x7feb_352d);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x846c_a68b);
  return hash ^ (hash >>> 16);
}
