import { accessKinds, accessNames } from './access.ts';
import { type AccessTarget, isOfWord } from './access-kind.ts';
import { areasOf, BUFFER_AREA, NO_AREA, PAGE_FLAGS_AREA } from './areas.ts';
import type { AtomicsMemory } from './atomics-memory.ts';
import { semaphoreOf } from './conduct.ts';
import { Fault } from './fault.ts';
import {
  type Address,
  OBJECT_OWN,
  type SlabObject,
  FS_PAGES,
  type FsInfo,
  type Geometry,
  LINE_WORDS,
  objectWords,
  PAGE_FLAGS,
  type Page,
  SLAB_ALLOCATED,
  SLAB_RCU_PENDING,
} from './layout.ts';

/**
 * Memory of an actor that keeps to the rules: it touches words of its world only, gives back what it holds, and sleeps where
 * that is allowed. What breaks a rule is reported and, where it makes no sense, not done. All that is needed is known of the
 * actor alone, so that nothing shared is touched for it.
 */
export interface CheckedMemory extends AtomicsMemory {
  /** A trial begins in the world at `fs`. */
  enter(fs: FsInfo): void;
  /** The actor's program has ended. */
  leave(): void;
}

type Method = (this: CheckedMemory, one: number, two: number, three: number) => unknown;

/** The class of a memory that checks what is done through `Base`. */
export function checkedMemoryClass(
  Base: new () => AtomicsMemory,
  geometry: Geometry,
): new () => CheckedMemory {
  const areas = areasOf(geometry);
  const size = areas.length;
  const objectSize = objectWords(geometry);

  return class Checked extends Base implements CheckedMemory {
    // Methods that many trials take are written out below: V8 learns about each of them by itself.
    static {
      for (const access of accessNames) {
        const { target, operands, gives, maySleep, holds } = accessKinds[access];
        if (Object.hasOwn(this.prototype, access) || target === 'none') continue;
        const made: Method = Base.prototype[access];
        // Who frees what is no object has not freed anything twice.
        const instead = gives === 'truth' ? target === 'object' : 0;
        const value = function checking(this: Checked, one: number, two: number, three: number): unknown {
          if (this.#isNowhere(target, operands === 'bit' ? two : one)) return instead;
          if (maySleep) this.#maySleep();
          if (target !== 'rwsem') return made.call(this, one, two, three);
          const semaphore = semaphoreOf(access, one);
          if (holds === 'no-more' && !this.#givesBack(semaphore)) return instead;
          const result = made.call(this, one, two, three);
          if (holds === 'from-here' && result !== false) this.#semaphores.push(semaphore);
          return result;
        };
        Object.defineProperty(this.prototype, access, { value, configurable: true, writable: true });
      }
    }

    #fs: Address = 0;
    /** Spin locks held, and RCU read sections, one inside of the other. */
    #locks = 0;
    #sections = 0;
    /** Read-write locks held, as `semaphoreOf` calls them. */
    readonly #semaphores: number[] = [];

    enter(fs: FsInfo): void {
      this.#fs = fs;
      this.#locks = 0;
      this.#sections = 0;
      this.#semaphores.length = 0;
    }

    leave(): void {
      if (this.#locks > 0 || this.#semaphores.length > 0) this.onFault(Fault.LockHeld);
      if (this.#sections === 0) return;
      this.onFault(Fault.RcuImbalance);
      super.rcuReadUnlock();
    }

    override atomicRead(address: Address): number {
      return this.#isWild(address) ? 0 : super.atomicRead(address);
    }

    override atomicSet(address: Address, value: number): void {
      if (!this.#isWild(address)) super.atomicSet(address, value);
    }

    override atomicInc(address: Address): void {
      if (!this.#isWild(address)) super.atomicInc(address);
    }

    override atomicFetchInc(address: Address): number {
      return this.#isWild(address) ? 0 : super.atomicFetchInc(address);
    }

    override atomicDec(address: Address): void {
      if (!this.#isWild(address)) super.atomicDec(address);
    }

    override atomicIncNotZero(address: Address): boolean {
      return !this.#isWild(address) && super.atomicIncNotZero(address);
    }

    override atomicDecAndTest(address: Address): boolean {
      return !this.#isWild(address) && super.atomicDecAndTest(address);
    }

    override atomicCmpxchg(address: Address, expected: number, replacement: number): number {
      return this.#isWild(address) ? 0 : super.atomicCmpxchg(address, expected, replacement);
    }

    override testBit(bit: number, address: Address): boolean {
      return !this.#isWild(address) && super.testBit(bit, address);
    }

    override setBit(bit: number, address: Address): void {
      if (!this.#isWild(address)) super.setBit(bit, address);
    }

    override clearBit(bit: number, address: Address): void {
      if (!this.#isWild(address)) super.clearBit(bit, address);
    }

    override testAndSetBit(bit: number, address: Address): boolean {
      return !this.#isWild(address) && super.testAndSetBit(bit, address);
    }

    override testAndClearBit(bit: number, address: Address): boolean {
      return !this.#isWild(address) && super.testAndClearBit(bit, address);
    }

    override readOnce(address: Address): number {
      return this.#isWild(address) ? 0 : super.readOnce(address);
    }

    override writeOnce(address: Address, value: number): void {
      if (!this.#isWild(address)) super.writeOnce(address, value);
    }

    override spinLock(lock: Address): void {
      if (this.#isWild(lock)) return;
      super.spinLock(lock);
      this.#locks++;
    }

    override spinUnlock(lock: Address): void {
      if (this.#isWild(lock)) return;
      super.spinUnlock(lock);
      this.#locks--;
    }

    override trylockPage(page: Page): boolean {
      return !this.#isNoPage(page) && super.trylockPage(page);
    }

    override unlockPage(page: Page): void {
      if (!this.#isNoPage(page)) super.unlockPage(page);
    }

    override rcuReadLock(): void {
      if (this.#sections === 0) super.rcuReadLock();
      this.#sections++;
    }

    override rcuReadUnlock(): void {
      if (this.#sections === 0) {
        this.onFault(Fault.RcuImbalance);
        return;
      }
      this.#sections--;
      if (this.#sections === 0) super.rcuReadUnlock();
    }

    override callRcuFree(eb: SlabObject): boolean {
      return this.#isNoBuffer(eb) || super.callRcuFree(eb);
    }

    #isNowhere(place: AccessTarget, address: Address): boolean {
      if (isOfWord(place)) return this.#isWild(address);
      switch (place) {
        case 'none':
        case 'section':
          return false;
        case 'page-lock':
          return this.#isNoPage(address);
        case 'slab':
          if (address === this.#fs) return false;
          this.onFault(Fault.WildAccess);
          return true;
        case 'object':
          return this.#isNoBuffer(address);
      }
    }

    #areaOf(address: Address): number {
      const offset = address - this.#fs;
      return offset >= 0 && offset < size ? (areas[offset] ?? NO_AREA) : NO_AREA;
    }

    #isWild(address: Address): boolean {
      const area = this.#areaOf(address);
      if (area === NO_AREA) {
        this.onFault(Fault.WildAccess);
        return true;
      }
      // The words of a strategy's own are not poisoned. Looked up before the access: if the object is gone, it was before.
      if (area >= BUFFER_AREA && address % LINE_WORDS >= OBJECT_OWN && this.#isGone(address)) {
        this.onFault(Fault.UseAfterFree);
      }
      return false;
    }

    #isGone(address: Address): boolean {
      const state = this.slabStateOf(address);
      return state !== SLAB_ALLOCATED && !(this.#sections > 0 && state === SLAB_RCU_PENDING);
    }

    #isNoPage(page: Address): boolean {
      if (this.#areaOf(page + PAGE_FLAGS) === PAGE_FLAGS_AREA) return false;
      this.onFault(Fault.WildAccess);
      return true;
    }

    #isNoBuffer(eb: Address): boolean {
      const offset = eb - this.#fs;
      const buffers = FS_PAGES + geometry.pages * LINE_WORDS;
      if (offset >= buffers && offset < size && (offset - buffers) % objectSize === 0) return false;
      this.onFault(Fault.WildAccess);
      return true;
    }

    /** Whether the actor holds the lock that it is about to give back. */
    #givesBack(semaphore: number): boolean {
      const at = this.#semaphores.lastIndexOf(semaphore);
      if (at < 0) this.onFault(Fault.BadUnlock);
      else this.#semaphores.splice(at, 1);
      return at >= 0;
    }

    #maySleep(): void {
      if (this.#locks > 0 || this.#sections > 0) this.onFault(Fault.SleepInAtomic);
    }
  };
}
