import type { Access } from './access.ts';
import type { Instructions } from './instructions.ts';
import { type Address, POISON } from './layout.ts';
import type { Ordering } from './ordering.ts';
import type { SharedMemory } from './shared-memory.ts';

/** The accesses to one word that never wait. */
type WordAccess = Exclude<
  Extract<
    Access,
    | `atomic${string}`
    | `refcount${string}`
    | `${string}Bit`
    | `${string}Once`
    | `${string}Acquire`
    | `${string}Release`
  >,
  'waitOnBit'
>;

/** The part of `AtomicsMemory` that is accesses to one word which never wait. */
export interface WordMemory extends Pick<SharedMemory, WordAccess> {
  /**
   * What an access to a word of a freed buffer comes to, which has met the poison there: inside of an RCU read section, while the
   * object waits for RCU, the same access to what the word held; a use after free otherwise, which finds nothing. Returns what the access
   * found.
   */
  gone(access: Access, address: Address, operand: number, replacement: number): number;
}

/**
 * The class of these accesses, each as one instruction where there is one. They compare what they find with the slab's poison at no
 * further access, as KASAN would: a store is an exchange, which is what an atomic one is to the processor anyway. A plain store is told
 * by a load before it, so that one which becomes visible after its object was freed is not noticed.
 */
export function wordMemoryClass(
  instructions: Instructions,
  ordering: Ordering | undefined,
): abstract new () => WordMemory {
  const { load, add, sub, and, or, exchange, cmpxchg, storePlain } = instructions;
  /** Stores a value where no poison is. Returns what was there. */
  const putPlain = (address: Address, value: number): number => {
    const found = load(address);
    if (found !== POISON) storePlain(address, value);
    return found;
  };
  const put = ordering === 'x86' ? putPlain : exchange;

  abstract class Words implements WordMemory {
    atomicRead(address: Address): number {
      const found = load(address);
      return found === POISON ? this.gone('atomicRead', address, 0, 0) : found;
    }

    atomicSet(address: Address, value: number): void {
      if (put(address, value) === POISON) this.gone('atomicSet', address, value, 0);
    }

    atomicInc(address: Address): void {
      if (add(address, 1) === POISON) this.gone('atomicInc', address, 0, 0);
    }

    atomicFetchInc(address: Address): number {
      const found = add(address, 1);
      return found === POISON ? this.gone('atomicFetchInc', address, 0, 0) : found;
    }

    atomicDec(address: Address): void {
      if (sub(address, 1) === POISON) this.gone('atomicDec', address, 0, 0);
    }

    atomicIncNotZero(address: Address): boolean {
      return this.#incNotZero('atomicIncNotZero', address);
    }

    atomicDecAndTest(address: Address): boolean {
      const found = sub(address, 1);
      return (found === POISON ? this.gone('atomicDecAndTest', address, 0, 0) : found) === 1;
    }

    atomicSubAndTest(address: Address, value: number): boolean {
      const found = sub(address, value);
      return (found === POISON ? this.gone('atomicSubAndTest', address, value, 0) : found) === value;
    }

    atomicCmpxchg(address: Address, expected: number, replacement: number): number {
      const found = cmpxchg(address, expected, replacement);
      return found === POISON ? this.gone('atomicCmpxchg', address, expected, replacement) : found;
    }

    atomicAdd(address: Address, value: number): void {
      if (add(address, value) === POISON) this.gone('atomicAdd', address, value, 0);
    }

    atomicOr(address: Address, mask: number): void {
      if (or(address, mask) === POISON) this.gone('atomicOr', address, mask, 0);
    }

    atomicAndnot(address: Address, mask: number): void {
      if (and(address, ~mask) === POISON) this.gone('atomicAndnot', address, mask, 0);
    }

    atomicFetchAdd(address: Address, value: number): number {
      return this.#found('atomicFetchAdd', address, value, add(address, value));
    }

    atomicFetchAddRelaxed(address: Address, value: number): number {
      return this.#found('atomicFetchAddRelaxed', address, value, add(address, value));
    }

    atomicFetchAddAcquire(address: Address, value: number): number {
      return this.#found('atomicFetchAddAcquire', address, value, add(address, value));
    }

    atomicFetchAddRelease(address: Address, value: number): number {
      return this.#found('atomicFetchAddRelease', address, value, add(address, value));
    }

    atomicFetchOr(address: Address, mask: number): number {
      return this.#found('atomicFetchOr', address, mask, or(address, mask));
    }

    atomicFetchAndnot(address: Address, mask: number): number {
      return this.#found('atomicFetchAndnot', address, mask, and(address, ~mask));
    }

    atomicXchg(address: Address, value: number): number {
      return this.#found('atomicXchg', address, value, exchange(address, value));
    }

    atomicXchgRelaxed(address: Address, value: number): number {
      return this.#found('atomicXchgRelaxed', address, value, exchange(address, value));
    }

    atomicXchgAcquire(address: Address, value: number): number {
      return this.#found('atomicXchgAcquire', address, value, exchange(address, value));
    }

    atomicXchgRelease(address: Address, value: number): number {
      return this.#found('atomicXchgRelease', address, value, exchange(address, value));
    }

    atomicCmpxchgRelaxed(address: Address, expected: number, replacement: number): number {
      const found = cmpxchg(address, expected, replacement);
      return found === POISON ? this.gone('atomicCmpxchgRelaxed', address, expected, replacement) : found;
    }

    atomicCmpxchgAcquire(address: Address, expected: number, replacement: number): number {
      const found = cmpxchg(address, expected, replacement);
      return found === POISON ? this.gone('atomicCmpxchgAcquire', address, expected, replacement) : found;
    }

    atomicCmpxchgRelease(address: Address, expected: number, replacement: number): number {
      const found = cmpxchg(address, expected, replacement);
      return found === POISON ? this.gone('atomicCmpxchgRelease', address, expected, replacement) : found;
    }

    atomicAddUnless(address: Address, value: number, unless: number): boolean {
      let seen = load(address);
      while (seen !== unless) {
        if (seen === POISON) return this.gone('atomicAddUnless', address, value, unless) !== unless;
        const old = cmpxchg(address, seen, seen + value);
        if (old === seen) return true;
        seen = old;
      }
      return false;
    }

    refcountRead(address: Address): number {
      const found = load(address);
      return found === POISON ? this.gone('refcountRead', address, 0, 0) : found;
    }

    refcountSet(address: Address, value: number): void {
      if (put(address, value) === POISON) this.gone('refcountSet', address, value, 0);
    }

    refcountInc(address: Address): number {
      const found = add(address, 1);
      return found === POISON ? this.gone('refcountInc', address, 0, 0) : found;
    }

    refcountIncNotZero(address: Address): boolean {
      return this.#incNotZero('refcountIncNotZero', address);
    }

    refcountDec(address: Address): number {
      const found = sub(address, 1);
      return found === POISON ? this.gone('refcountDec', address, 0, 0) : found;
    }

    refcountDecAndTest(address: Address): number {
      const found = sub(address, 1);
      return found === POISON ? this.gone('refcountDecAndTest', address, 0, 0) : found;
    }

    testBit(bit: number, address: Address): boolean {
      const found = load(address);
      return ((found === POISON ? this.gone('testBit', address, bit, 0) : found) & (1 << bit)) !== 0;
    }

    setBit(bit: number, address: Address): void {
      if (or(address, 1 << bit) === POISON) this.gone('setBit', address, bit, 0);
    }

    clearBit(bit: number, address: Address): void {
      if (and(address, ~(1 << bit)) === POISON) this.gone('clearBit', address, bit, 0);
    }

    clearAndWakeUpBit(bit: number, address: Address): void {
      if (and(address, ~(1 << bit)) === POISON) this.gone('clearAndWakeUpBit', address, bit, 0);
    }

    testAndSetBit(bit: number, address: Address): boolean {
      const mask = 1 << bit;
      const found = or(address, mask);
      return ((found === POISON ? this.gone('testAndSetBit', address, bit, 0) : found) & mask) !== 0;
    }

    testAndClearBit(bit: number, address: Address): boolean {
      const mask = 1 << bit;
      const found = and(address, ~mask);
      return ((found === POISON ? this.gone('testAndClearBit', address, bit, 0) : found) & mask) !== 0;
    }

    readOnce(address: Address): number {
      const found = load(address);
      return found === POISON ? this.gone('readOnce', address, 0, 0) : found;
    }

    writeOnce(address: Address, value: number): void {
      if (put(address, value) === POISON) this.gone('writeOnce', address, value, 0);
    }

    smpLoadAcquire(address: Address): number {
      const found = load(address);
      return found === POISON ? this.gone('smpLoadAcquire', address, 0, 0) : found;
    }

    smpStoreRelease(address: Address, value: number): void {
      if (put(address, value) === POISON) this.gone('smpStoreRelease', address, value, 0);
    }

    abstract gone(access: Access, address: Address, operand: number, replacement: number): number;

    #found(access: Access, address: Address, operand: number, found: number): number {
      return found === POISON ? this.gone(access, address, operand, 0) : found;
    }

    #incNotZero(access: Access, address: Address): boolean {
      let seen = load(address);
      while (seen !== 0) {
        if (seen === POISON) return this.gone(access, address, 0, 0) !== 0;
        const old = cmpxchg(address, seen, seen + 1);
        if (old === seen) return true;
        seen = old;
      }
      return false;
    }
  }
  return Words;
}
