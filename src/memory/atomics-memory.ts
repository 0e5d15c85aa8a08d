import { ACTOR_PARK, ACTOR_RCU, ACTOR_WAITING, ACTOR_WORDS, actorLine } from './control.ts';
import { type Instructions, javascriptInstructions } from './instructions.ts';
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
  type ExtentBuffer,
  type FsInfo,
  type Geometry,
  type Page,
  PAGE_FLAGS,
  PAGE_OWNER,
  POISON,
  SLAB_ALLOCATED,
  SLAB_CLAIMED,
  SLAB_FREE,
  SLAB_RCU_PENDING,
} from './layout.ts';
import { PG_LOCKED } from './page-flags.ts';
import type { SharedMemory } from './shared-memory.ts';

/** Rounds of a retry loop before the same: each of them is some twenty accesses. */
const RETRIES_MAX = 100;
/** How long a spinning actor sleeps between probes, in ms: long enough for the scheduler to run somebody else. */
const PARK_MS = 0.05;

const LOCKED = 1 << PG_LOCKED;

// Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts.
// oxlint-disable-next-line typescript/unbound-method -- it does not look at what it is called on
const { wait } = Atomics;

/** Where one actor's memory lives. */
export interface ActorMemory {
  /** The shared words. */
  readonly words: Int32Array;
  /** How the words are accessed. @default `javascriptInstructions(words)` */
  readonly instructions?: Instructions | undefined;
  readonly geometry: Geometry;
  /** Address of the control line of actor 0. */
  readonly actorBase: Address;
  /** Number of actors, which have one control line each. */
  readonly actorCount: number;
  /** This actor, 0-based. */
  readonly actor: number;
  /** Probes of a contended word before the actor gives its processor away. */
  readonly spinsMax: number;
}

/** `SharedMemory` with what only real threads need. */
export interface AtomicsMemory extends SharedMemory {
  /** Takes `rounds` loads of a word of its own: a delay that no optimizer removes. */
  delay(rounds: number): void;
}

/**
 * The class of `SharedMemory` on a SharedArrayBuffer with Atomics, for one actor on its own thread: the hardware engine's.
 * Made anew for each actor, so that everything that does not change is a constant to the JIT compiler instead of a field
 * that each access reads: some 3 % of the throughput of two actors.
 *
 * Locks hold their owner's tag (actor + 1), so that a hang can name the holder. Read-modify-writes compare the old
 * value with the slab's poison at no further access, as KASAN would.
 */
export function atomicsMemoryClass(place: ActorMemory): new () => AtomicsMemory {
  const { words, geometry, actorBase, actorCount, spinsMax } = place;
  const { load, store, add, sub, and, or, cmpxchg } = place.instructions ?? javascriptInstructions(words);
  const line = actorLine(actorBase, place.actor);
  const tag = place.actor + 1;
  const home = place.actor % geometry.buffers;

  return class implements AtomicsMemory {
    onPoison: () => void = () => {};
    #relaxed = 0;

    atomicRead(address: Address): number {
      return this.#checked(load(address));
    }

    atomicSet(address: Address, value: number): void {
      store(address, value);
    }

    atomicInc(address: Address): void {
      this.#checked(add(address, 1));
    }

    atomicFetchInc(address: Address): number {
      return this.#checked(add(address, 1));
    }

    atomicDec(address: Address): void {
      this.#checked(sub(address, 1));
    }

    atomicIncNotZero(address: Address): boolean {
      let seen = this.#checked(load(address));
      while (seen !== 0) {
        const old = cmpxchg(address, seen, seen + 1);
        if (old === seen) return true;
        seen = old;
      }
      return false;
    }

    atomicDecAndTest(address: Address): boolean {
      return this.#checked(sub(address, 1)) === 1;
    }

    atomicCmpxchg(address: Address, expected: number, replacement: number): number {
      return this.#checked(cmpxchg(address, expected, replacement));
    }

    testBit(bit: number, address: Address): boolean {
      return (this.#checked(load(address)) & (1 << bit)) !== 0;
    }

    setBit(bit: number, address: Address): void {
      this.#checked(or(address, 1 << bit));
    }

    clearBit(bit: number, address: Address): void {
      this.#checked(and(address, ~(1 << bit)));
    }

    testAndSetBit(bit: number, address: Address): boolean {
      const mask = 1 << bit;
      return (this.#checked(or(address, mask)) & mask) !== 0;
    }

    testAndClearBit(bit: number, address: Address): boolean {
      const mask = 1 << bit;
      return (this.#checked(and(address, ~mask)) & mask) !== 0;
    }

    readOnce(address: Address): number {
      return this.#checked(load(address));
    }

    writeOnce(address: Address, value: number): void {
      store(address, value);
    }

    spinLock(lock: Address): void {
      if (cmpxchg(lock, 0, tag) !== 0) this.#spinLockSlow(lock);
    }

    spinUnlock(lock: Address): void {
      store(lock, 0);
    }

    trylockPage(page: Page): boolean {
      const locked = (or(page + PAGE_FLAGS, LOCKED) & LOCKED) === 0;
      if (locked) words[page + PAGE_OWNER] = tag;
      return locked;
    }

    lockPage(page: Page): void {
      if ((or(page + PAGE_FLAGS, LOCKED) & LOCKED) !== 0) this.#lockPageSlow(page);
      words[page + PAGE_OWNER] = tag;
    }

    unlockPage(page: Page): void {
      and(page + PAGE_FLAGS, ~LOCKED);
    }

    waitOnPageLocked(page: Page): void {
      const flags = page + PAGE_FLAGS;
      if ((load(flags) & LOCKED) === 0) return;
      let spins = 0;
      while ((load(flags) & LOCKED) !== 0) spins = this.#spin(spins, flags);
      this.#arrived();
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

    rcuReadLock(): void {
      store(line + ACTOR_RCU, (words[line + ACTOR_RCU] as number) | 1);
    }

    rcuReadUnlock(): void {
      store(line + ACTOR_RCU, ((words[line + ACTOR_RCU] as number) + 1) & ~1);
    }

    kmemCacheZalloc(fs: FsInfo): ExtentBuffer {
      const { buffers } = geometry;
      let spins = 0;
      for (;;) {
        // Actors start at different objects, so that they rarely meet; the kernel's slab is per processor.
        for (let probe = 0; probe < buffers; probe++) {
          const eb = bufferAt(fs, geometry, (home + probe) % buffers);
          if (this.#claimSlab(eb)) {
            if (spins > 0) this.#arrived();
            return eb;
          }
        }
        spins = this.#spin(spins, fs);
      }
    }

    kmemCacheFree(eb: ExtentBuffer): boolean {
      return this.#freeSlab(eb, SLAB_FREE);
    }

    callRcuFree(eb: ExtentBuffer): boolean {
      return this.#freeSlab(eb, SLAB_RCU_PENDING);
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

    #checked(value: number): number {
      if (value === POISON) this.onPoison();
      return value;
    }

    #claimSlab(eb: ExtentBuffer): boolean {
      const slab = eb + EB_SLAB;
      const state = load(slab);
      if (state !== SLAB_FREE && state !== SLAB_RCU_PENDING) return false;
      if (cmpxchg(slab, state, SLAB_CLAIMED) !== state) return false;
      // Look at the readers only now that nobody else can take the object, use it and give it away once more.
      if (state === SLAB_RCU_PENDING && !this.#rcuIdle()) {
        store(slab, state);
        return false;
      }
      for (const field of [EB_REFS, EB_BFLAGS, EB_IO_PAGES, EB_REFS_LOCK, EB_READ_MIRROR, EB_PAGES]) {
        words[eb + field] = 0;
      }
      store(slab, SLAB_ALLOCATED);
      return true;
    }

    /**
     * Whether there was a moment since the call at which no actor was inside of a read section: the object is unreachable
     * by then, so that a section entered later cannot find it. One look at each actor would find some moment for each,
     * which is enough for the kernel and more than the explore engine allows: two looks that see the same find one
     * moment for all, between them.
     */
    #rcuIdle(): boolean {
      let seen = 0;
      for (let actor = 0; actor < actorCount; actor++) {
        const sections = load(actorBase + actor * ACTOR_WORDS + ACTOR_RCU);
        if ((sections & 1) !== 0) return false;
        seen = (seen + sections) | 0;
      }
      for (let actor = 0; actor < actorCount; actor++) {
        seen = (seen - load(actorBase + actor * ACTOR_WORDS + ACTOR_RCU)) | 0;
      }
      return seen === 0;
    }

    #freeSlab(eb: ExtentBuffer, state: number): boolean {
      const slab = eb + EB_SLAB;
      if (load(slab) !== SLAB_ALLOCATED) return false;
      // Poison while the object is still ours: afterwards somebody may claim and zero it.
      store(eb + EB_BFLAGS, POISON);
      store(eb + EB_IO_PAGES, POISON);
      return cmpxchg(slab, SLAB_ALLOCATED, state) === SLAB_ALLOCATED;
    }

    #spinLockSlow(lock: Address): void {
      let spins = 0;
      for (;;) {
        // Probe with a load: a failing cmpxchg would take the line away from the owner each time.
        if (load(lock) === 0 && cmpxchg(lock, 0, tag) === 0) break;
        spins = this.#spin(spins, lock);
      }
      this.#arrived();
    }

    #lockPageSlow(page: Page): void {
      const flags = page + PAGE_FLAGS;
      let spins = 0;
      for (;;) {
        if ((load(flags) & LOCKED) === 0 && (or(flags, LOCKED) & LOCKED) === 0) break;
        spins = this.#spin(spins, flags);
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
