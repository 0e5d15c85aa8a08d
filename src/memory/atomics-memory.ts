import { ACTOR_PARK, ACTOR_RCU, ACTOR_WAITING, actorLine } from './control.ts';
import { type Access, accessesThat, accessKinds } from './access.ts';
import { Fault, type FaultNumber } from './fault.ts';
import { javascriptInstructions } from './instructions.ts';
import {
  type Address,
  type SlabObject,
  FS_OOPS,
  type FsInfo,
  NULL,
  PAGE_FLAGS,
  PAGE_OWNER,
  POISON,
  type Page,
  SLAB_FREE,
  SLAB_RCU_PENDING,
  objectAt,
} from './layout.ts';
import { PG_LOCKED } from './page-flags.ts';
import type { SharedMemory } from './shared-memory.ts';
import type { ActorMemory } from './actor-memory.ts';
import { slabOf } from './slab.ts';
import { type WordMemory, wordMemoryClass } from './word-memory.ts';

/** Rounds of a retry loop before the same: each of them is some twenty accesses. */
const RETRIES_MAX = 100;
/** How long a spinning actor sleeps between probes, in ms: long enough for the scheduler to run somebody else. */
const PARK_MS = 0.05;

const LOCKED = 1 << PG_LOCKED;

/** Accesses that look at a word before they change it, so that poison stays where it was met; others are to put it back. */
const LOOKING: ReadonlySet<Access> = new Set<Access>([
  ...accessesThat(({ writes, target }) => writes === 'never' || target === 'rwsem'),
  'atomicIncNotZero',
  'refcountIncNotZero',
]);
// Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts.
// oxlint-disable-next-line typescript/unbound-method -- it does not look at what it is called on
const { wait } = Atomics;

/** `SharedMemory` with what only real threads need. */
export interface AtomicsMemory extends SharedMemory, WordMemory {
  /** Takes `rounds` loads of a word of its own: a delay that no optimizer removes. */
  delay(rounds: number): void;
  /** A violation has decided the trial, and the actor goes on without what it waited for. */
  brokeWait(): void;
  /** The state of the slab object that a word belongs to, as soon as nobody is about to change it. Not a step. */
  slabStateOf(address: Address): number;
}

/**
 * The class of `SharedMemory` on a SharedArrayBuffer with Atomics, for one actor on its own thread: the hardware engine's.
 * Made anew for each actor, so that everything that does not change is a constant to the JIT compiler instead of a field
 * that each access reads: some 3 % of the throughput of two actors.
 *
 * Locks hold their owner's tag (actor + 1), negative where it writes under a read-write lock, so that a hang can name the holder.
 * Sections of RCU do not nest here.
 */
export function atomicsMemoryClass(place: ActorMemory): new () => AtomicsMemory {
  const { words, geometry, actorBase, spinsMax } = place;
  const instructions = place.instructions ?? javascriptInstructions(words);
  const { load, store, and, or, cmpxchg, storePlain, fence } = instructions;
  /** Whether stores wait in the store buffers of an x86-64: what gives a lock back is one, and `smp_mb()` has to be there. */
  const isX86 = place.ordering === 'x86';
  const line = actorLine(actorBase, place.actor);
  const tag = place.actor + 1;
  const home = place.actor % geometry.buffers;
  const slab = slabOf(place);

  /** What a lock holds that the actor gives back with this access. */
  const heldBy = (access: Access): number => (accessKinds[access].mode === 'write' ? -tag : tag);

  /** What an access leaves in its word: who writes under a lock is told by its tag. */
  const leftBy = (access: Access, found: number, operand: number, replacement: number): number => {
    const { mode, leaves } = accessKinds[access];
    const left = leaves === undefined ? found : leaves(found, operand, replacement);
    return mode === 'write' && left < 0 && left !== found ? -tag : left;
  };

  return class extends wordMemoryClass(instructions, place.ordering) implements AtomicsMemory {
    onFault: (fault: FaultNumber) => void = () => {};
    #relaxed = 0;

    waitOnBit(bit: number, address: Address): void {
      const found = load(address);
      if (found === POISON || (found & (1 << bit)) !== 0) this.#wait('waitOnBit', address, bit);
    }

    spinLock(lock: Address): void {
      if (cmpxchg(lock, 0, tag) !== 0) this.#spinLockSlow(lock);
    }

    spinUnlock(lock: Address): void {
      if (isX86 && load(lock) === tag) {
        storePlain(lock, 0);
        return;
      }
      // What is not this actor's stays as it is: what would come of it elsewhere must not be put down before this is.
      const found = cmpxchg(lock, tag, 0);
      if (found === tag) return;
      if (found !== POISON || this.gone('spinUnlock', lock, 0, 0) !== tag) this.onFault(Fault.BadUnlock);
    }

    downRead(lock: Address): void {
      const found = load(lock);
      if (found < 0 || found === POISON || cmpxchg(lock, found, found + 1) !== found)
        this.#wait('downRead', lock, 0);
    }

    upRead(lock: Address): void {
      if (this.#change('upRead', lock, 0, 0) <= 0) this.onFault(Fault.BadUnlock);
    }

    downWrite(lock: Address): void {
      if (cmpxchg(lock, 0, -tag) !== 0) this.#wait('downWrite', lock, 0);
    }

    upWrite(lock: Address): void {
      const found = cmpxchg(lock, -tag, 0);
      if (found === -tag) return;
      if (found !== POISON || this.gone('upWrite', lock, 0, 0) !== -tag) this.onFault(Fault.BadUnlock);
    }

    downReadTrylock(lock: Address): boolean {
      return this.#change('downReadTrylock', lock, 0, 0) >= 0;
    }

    downWriteTrylock(lock: Address): boolean {
      return this.#change('downWriteTrylock', lock, 0, 0) === 0;
    }

    trylockPage(page: Page): boolean {
      const locked = (or(page + PAGE_FLAGS, LOCKED) & LOCKED) === 0;
      if (locked) words[page + PAGE_OWNER] = tag;
      return locked;
    }

    lockPage(page: Page): void {
      if ((or(page + PAGE_FLAGS, LOCKED) & LOCKED) !== 0) this.#wait('lockPage', page + PAGE_FLAGS, 0);
      words[page + PAGE_OWNER] = tag;
    }

    unlockPage(page: Page): void {
      if ((and(page + PAGE_FLAGS, ~LOCKED) & LOCKED) === 0) this.onFault(Fault.BadUnlock);
    }

    waitOnPageLocked(page: Page): void {
      const flags = page + PAGE_FLAGS;
      if ((load(flags) & LOCKED) !== 0) this.#wait('waitOnPageLocked', flags, 0);
    }

    waitEvent(address: Address, value: number): number {
      let seen = load(address);
      if (seen !== value) return seen;
      let spins = 0;
      for (; seen === value; seen = load(address)) spins = this.#spin(spins, address);
      this.#arrived();
      return seen;
    }

    cpuRelax(): void {
      this.#relaxed = (this.#relaxed + 1) % RETRIES_MAX;
      if (this.#relaxed === 0) wait(words, line + ACTOR_PARK, 0, PARK_MS);
    }

    smpMb(): void {
      if (isX86) fence();
    }

    // Atomics are in order without them; so are stores, and loads, on an x86-64, whose read-modify-writes are barriers themselves.
    smpWmb(): void {}

    smpRmb(): void {}

    smpMbBeforeAtomic(): void {}

    smpMbAfterAtomic(): void {}

    rcuReadLock(): void {
      store(line + ACTOR_RCU, (words[line + ACTOR_RCU] as number) | 1);
    }

    rcuReadUnlock(): void {
      store(line + ACTOR_RCU, ((words[line + ACTOR_RCU] as number) + 1) & ~1);
    }

    kmemCacheZalloc(fs: FsInfo): SlabObject {
      const { buffers } = geometry;
      let spins = 0;
      for (;;) {
        // Actors start at different objects, so that they rarely meet; the kernel's slab is per processor.
        for (let probe = 0; probe < buffers; probe++) {
          const eb = objectAt(fs, geometry, (home + probe) % buffers);
          if (slab.claim(eb)) {
            if (spins > 0) this.#arrived();
            return eb;
          }
        }
        spins = this.#spin(spins, fs);
      }
    }

    kmemCacheFree(eb: SlabObject): boolean {
      return slab.free(eb, SLAB_FREE);
    }

    callRcuFree(eb: SlabObject): boolean {
      return slab.free(eb, SLAB_RCU_PENDING);
    }

    writeGhost(address: Address, value: number): void {
      words[address] = value;
    }

    recordOops(oops: Address, check: number): void {
      cmpxchg(oops, 0, check);
    }

    /** Takes `rounds` loads of a word of its own: a delay that no optimizer removes. */
    delay(rounds: number): void {
      for (let round = 0; round < rounds; round++) Atomics.load(words, line + ACTOR_PARK);
    }

    brokeWait(): void {}

    slabStateOf(address: Address): number {
      return slab.stateOf(address);
    }

    override gone(access: Access, address: Address, operand: number, replacement: number): number {
      if (!LOOKING.has(access) && !(isX86 && accessKinds[access].isPlainStore === true))
        store(address, POISON);
      const at = slab.graceOf(address);
      if (at === NULL) {
        this.onFault(Fault.UseAfterFree);
        // Who holds a lock that is gone does not matter any more; and a number of pages must not be one that takes seconds.
        return accessKinds[access].holds === 'no-more' ? heldBy(access) : 0;
      }
      if (access === 'spinUnlock' || access === 'upWrite') return cmpxchg(at, heldBy(access), 0);
      return this.#change(access, at, operand, replacement);
    }

    /** Looks at a word, and changes it if that is to be. Returns what it held. */
    #change(access: Access, address: Address, operand: number, replacement: number): number {
      for (;;) {
        const found = load(address);
        if (found === POISON) return this.gone(access, address, operand, replacement);
        const left = leftBy(access, found, operand, replacement);
        if (left === found || cmpxchg(address, found, left) === found) return found;
      }
    }

    /** Whether a violation has decided the trial in whose world a word lies: nobody has to be waited for any more. */
    #isDecided(address: Address): boolean {
      const { worlds } = place;
      if (worlds === undefined) return false;
      const fs = address - ((address - worlds.base) % worlds.words);
      return load(fs + FS_OOPS) !== 0;
    }

    #spinLockSlow(first: Address): void {
      let lock = first;
      let spins = 0;
      for (;;) {
        // Probe with a load: a failing cmpxchg would take the line away from the owner each time.
        const seen = load(lock);
        if (seen === 0 && cmpxchg(lock, 0, tag) === 0) break;
        if (seen === POISON) {
          const at = slab.graceOf(lock);
          if (at === NULL) {
            this.onFault(Fault.UseAfterFree);
            break;
          }
          lock = at;
        } else if (isX86 && lock !== first && load(first) !== POISON) {
          // Who held it while its object was freed has given it back there since.
          lock = first;
        }
        spins = this.#spin(spins, lock);
        if (spins === spinsMax && this.#isDecided(lock)) {
          store(lock, tag);
          this.brokeWait();
          break;
        }
      }
      this.#arrived();
    }

    /** Makes an access that need not wait for anything but what its word holds, as soon as that is so. */
    #wait(access: Access, first: Address, operand: number): void {
      const { isReady } = accessKinds[access];
      let address = first;
      let spins = 0;
      for (;;) {
        const found = load(address);
        if (found === POISON) {
          const at = slab.graceOf(address);
          if (at === NULL) {
            this.onFault(Fault.UseAfterFree);
            break;
          }
          address = at;
          continue;
        }
        const left = leftBy(access, found, operand, 0);
        const mayGoOn = isReady === undefined || isReady(found, operand);
        if (mayGoOn && (left === found || cmpxchg(address, found, left) === found)) break;
        spins = this.#spin(spins, address);
        if (spins === spinsMax && this.#isDecided(address)) {
          this.brokeWait();
          break;
        }
      }
      this.#arrived();
    }

    /** One probe of a contended word has failed: after many, note what is waited for and let somebody else run. */
    #spin(spins: number, address: Address): number {
      if (spins < spinsMax) return spins + 1;
      words[line + ACTOR_WAITING] = address;
      wait(words, line + ACTOR_PARK, 0, PARK_MS);
      return spins;
    }

    #arrived(): void {
      words[line + ACTOR_WAITING] = 0;
    }
  };
}

/** The memory of one actor. */
export function atomicsMemory(place: ActorMemory): AtomicsMemory {
  return new (atomicsMemoryClass(place))();
}
