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

/**
 * `SharedMemory` on a SharedArrayBuffer with Atomics, for one actor on its own thread: the hardware engine's.
 *
 * Locks hold their owner's tag (actor + 1), so that a hang can name the holder. Read-modify-writes compare the old
 * value with the slab's poison at no further access, as KASAN would.
 */
export class AtomicsMemory implements SharedMemory {
  onPoison: () => void = () => {};
  readonly #words: Int32Array;
  readonly #do: Instructions;
  readonly #geometry: Geometry;
  readonly #actorBase: Address;
  readonly #actorCount: number;
  readonly #line: Address;
  readonly #tag: number;
  readonly #home: number;
  readonly #spinsMax: number;
  #relaxed = 0;

  constructor(place: ActorMemory) {
    this.#words = place.words;
    this.#do = place.instructions ?? javascriptInstructions(place.words);
    this.#geometry = place.geometry;
    this.#actorBase = place.actorBase;
    this.#actorCount = place.actorCount;
    this.#line = actorLine(place.actorBase, place.actor);
    this.#tag = place.actor + 1;
    this.#home = place.actor % place.geometry.buffers;
    this.#spinsMax = place.spinsMax;
  }

  atomicRead(address: Address): number {
    return this.#checked(this.#do.load(address));
  }

  atomicSet(address: Address, value: number): void {
    this.#do.store(address, value);
  }

  atomicInc(address: Address): void {
    this.#checked(this.#do.add(address, 1));
  }

  atomicFetchInc(address: Address): number {
    return this.#checked(this.#do.add(address, 1));
  }

  atomicDec(address: Address): void {
    this.#checked(this.#do.sub(address, 1));
  }

  atomicIncNotZero(address: Address): boolean {
    let seen = this.#checked(this.#do.load(address));
    while (seen !== 0) {
      const old = this.#do.cmpxchg(address, seen, seen + 1);
      if (old === seen) return true;
      seen = old;
    }
    return false;
  }

  atomicDecAndTest(address: Address): boolean {
    return this.#checked(this.#do.sub(address, 1)) === 1;
  }

  atomicCmpxchg(address: Address, expected: number, replacement: number): number {
    return this.#checked(this.#do.cmpxchg(address, expected, replacement));
  }

  testBit(bit: number, address: Address): boolean {
    return (this.#checked(this.#do.load(address)) & (1 << bit)) !== 0;
  }

  setBit(bit: number, address: Address): void {
    this.#checked(this.#do.or(address, 1 << bit));
  }

  clearBit(bit: number, address: Address): void {
    this.#checked(this.#do.and(address, ~(1 << bit)));
  }

  testAndSetBit(bit: number, address: Address): boolean {
    const mask = 1 << bit;
    return (this.#checked(this.#do.or(address, mask)) & mask) !== 0;
  }

  testAndClearBit(bit: number, address: Address): boolean {
    const mask = 1 << bit;
    return (this.#checked(this.#do.and(address, ~mask)) & mask) !== 0;
  }

  readOnce(address: Address): number {
    return this.#checked(this.#do.load(address));
  }

  writeOnce(address: Address, value: number): void {
    this.#do.store(address, value);
  }

  spinLock(lock: Address): void {
    if (this.#do.cmpxchg(lock, 0, this.#tag) !== 0) this.#spinLockSlow(lock);
  }

  spinUnlock(lock: Address): void {
    this.#do.store(lock, 0);
  }

  trylockPage(page: Page): boolean {
    const locked = (this.#do.or(page + PAGE_FLAGS, LOCKED) & LOCKED) === 0;
    if (locked) this.#words[page + PAGE_OWNER] = this.#tag;
    return locked;
  }

  lockPage(page: Page): void {
    if ((this.#do.or(page + PAGE_FLAGS, LOCKED) & LOCKED) !== 0) this.#lockPageSlow(page);
    this.#words[page + PAGE_OWNER] = this.#tag;
  }

  unlockPage(page: Page): void {
    this.#do.and(page + PAGE_FLAGS, ~LOCKED);
  }

  waitOnPageLocked(page: Page): void {
    const flags = page + PAGE_FLAGS;
    if ((this.#do.load(flags) & LOCKED) === 0) return;
    let spins = 0;
    while ((this.#do.load(flags) & LOCKED) !== 0) spins = this.#spin(spins, flags);
    this.#arrived();
  }

  waitEvent(address: Address, value: number): number {
    let seen = this.#do.load(address);
    if (seen !== value) return seen;
    let spins = 0;
    for (; seen === value; seen = this.#do.load(address)) spins = this.#spin(spins, address);
    this.#arrived();
    return seen;
  }

  cpuRelax(): void {
    this.#relaxed = (this.#relaxed + 1) % RETRIES_MAX;
    if (this.#relaxed === 0) Atomics.wait(this.#words, this.#line + ACTOR_PARK, 0, PARK_MS);
  }

  rcuReadLock(): void {
    this.#do.store(this.#line + ACTOR_RCU, 1);
  }

  rcuReadUnlock(): void {
    this.#do.store(this.#line + ACTOR_RCU, 0);
  }

  kmemCacheZalloc(fs: FsInfo): ExtentBuffer {
    const { buffers } = this.#geometry;
    let spins = 0;
    for (;;) {
      // Actors start at different objects, so that they rarely meet; the kernel's slab is per processor.
      for (let probe = 0; probe < buffers; probe++) {
        const eb = bufferAt(fs, this.#geometry, (this.#home + probe) % buffers);
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
    this.#words[address] = value;
  }

  recordOops(oops: Address, check: number): void {
    this.#do.cmpxchg(oops, 0, check);
  }

  /** Takes `rounds` loads of a word of its own: a delay that no optimizer removes. */
  delay(rounds: number): void {
    for (let round = 0; round < rounds; round++) Atomics.load(this.#words, this.#line + ACTOR_PARK);
  }

  #checked(value: number): number {
    if (value === POISON) this.onPoison();
    return value;
  }

  #claimSlab(eb: ExtentBuffer): boolean {
    const slab = eb + EB_SLAB;
    const state = this.#do.load(slab);
    if (state !== SLAB_FREE && state !== SLAB_RCU_PENDING) return false;
    if (this.#do.cmpxchg(slab, state, SLAB_CLAIMED) !== state) return false;
    // Look at the readers only now that nobody else can take the object, use it and give it away once more.
    if (state === SLAB_RCU_PENDING && !this.#rcuIdle()) {
      this.#do.store(slab, state);
      return false;
    }
    for (const field of [EB_REFS, EB_BFLAGS, EB_IO_PAGES, EB_REFS_LOCK, EB_READ_MIRROR, EB_PAGES]) {
      this.#words[eb + field] = 0;
    }
    this.#do.store(slab, SLAB_ALLOCATED);
    return true;
  }

  /**
   * Whether every actor has been outside of its read section at some moment since the call: the object is unreachable
   * by then, so that a section entered later cannot find it.
   */
  #rcuIdle(): boolean {
    for (let actor = 0; actor < this.#actorCount; actor++) {
      if (this.#do.load(this.#actorBase + actor * ACTOR_WORDS + ACTOR_RCU) !== 0) return false;
    }
    return true;
  }

  #freeSlab(eb: ExtentBuffer, state: number): boolean {
    const slab = eb + EB_SLAB;
    if (this.#do.load(slab) !== SLAB_ALLOCATED) return false;
    // Poison while the object is still ours: afterwards somebody may claim and zero it.
    this.#do.store(eb + EB_BFLAGS, POISON);
    this.#do.store(eb + EB_IO_PAGES, POISON);
    return this.#do.cmpxchg(slab, SLAB_ALLOCATED, state) === SLAB_ALLOCATED;
  }

  #spinLockSlow(lock: Address): void {
    let spins = 0;
    for (;;) {
      // Probe with a load: a failing cmpxchg would take the line away from the owner each time.
      if (this.#do.load(lock) === 0 && this.#do.cmpxchg(lock, 0, this.#tag) === 0) break;
      spins = this.#spin(spins, lock);
    }
    this.#arrived();
  }

  #lockPageSlow(page: Page): void {
    const flags = page + PAGE_FLAGS;
    let spins = 0;
    for (;;) {
      if ((this.#do.load(flags) & LOCKED) === 0 && (this.#do.or(flags, LOCKED) & LOCKED) === 0) break;
      spins = this.#spin(spins, flags);
    }
    this.#arrived();
  }

  /** One probe of a contended word has failed: after many, note what is waited for and let somebody else run. */
  #spin(spins: number, address: Address): number {
    if (spins < this.#spinsMax) return spins + 1;
    this.#words[this.#line + ACTOR_WAITING] = address;
    Atomics.wait(this.#words, this.#line + ACTOR_PARK, 0, PARK_MS);
    return spins;
  }

  #arrived(): void {
    this.#words[this.#line + ACTOR_WAITING] = 0;
  }
}
