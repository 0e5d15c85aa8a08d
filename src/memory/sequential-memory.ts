import { type Access, accessKinds } from './access.ts';
import { isBarrier } from './access-kind.ts';
import { Fault, type FaultNumber } from './fault.ts';
import { InterceptingMemory } from './intercepting-memory.ts';
import {
  type Address,
  type FsInfo,
  type Geometry,
  NULL,
  OBJECT_SLAB,
  objectAt,
  objectWords,
  SLAB_ALLOCATED,
  SLAB_FREE,
} from './layout.ts';
import type { SharedMemory } from './shared-memory.ts';
import { zeroObject } from './structures.ts';

/** What a locked spin lock holds here, and a read-write lock while somebody writes. */
const TAKEN = 1;
const WRITER = -1;

/** An actor that is alone would wait for ever: nobody is there to let it go on. */
export class WaitsAlone extends Error {
  constructor(access: string) {
    super(`${access} would wait, and nobody else is there`);
    this.name = 'WaitsAlone';
  }
}

/**
 * The memory of one world with one actor at a time, for programs that run one after the other: no instructions, no tags of owners. What
 * an access does to its word is what the table of accesses says. What was given to RCU is free at once, since nobody reads.
 */
export class SequentialMemory extends InterceptingMemory {
  /** The first violation or fault, or 0. */
  oops = 0;
  readonly #words: Int32Array;
  readonly #geometry: Geometry;
  readonly #fs: FsInfo;

  constructor(words: Int32Array, geometry: Geometry, fs: FsInfo) {
    super(NO_MEMORY);
    this.#words = words;
    this.#geometry = geometry;
    this.#fs = fs;
  }

  override writeGhost(address: Address, value: number): void {
    this.#words[address] = value;
  }

  override recordOops(_oops: Address, check: number): void {
    if (this.oops === 0) this.oops = check;
  }

  protected override take(access: Access, address: Address, operand: number, replacement: number): number {
    const words = this.#words;
    const kind = accessKinds[access];
    const { target, isReady, leaves, answer } = kind;
    if (target === 'section' || isBarrier(kind)) return 0;
    // A retry loop that sees nothing new goes round for ever.
    if (target === 'none') throw new WaitsAlone(access);
    if (target === 'slab') return this.#allocate();
    if (target === 'object') return this.#free(address);
    if (this.#isGone(address)) this.#fault(Fault.UseAfterFree);
    const found = words[address] ?? 0;
    if (target === 'spin-lock' || access === 'downWrite') {
      if (access === 'spinUnlock') words[address] = 0;
      else if (found === 0) words[address] = target === 'rwsem' ? WRITER : TAKEN;
      else throw new WaitsAlone(access);
      return 0;
    }
    if (isReady?.(found, operand) === false) throw new WaitsAlone(access);
    words[address] = leaves?.(found, operand, replacement) ?? found;
    return answer?.(found, operand, replacement) ?? 0;
  }

  #allocate(): number {
    for (let index = 0; index < this.#geometry.buffers; index++) {
      const object = objectAt(this.#fs, this.#geometry, index);
      if (this.#words[object + OBJECT_SLAB] !== SLAB_FREE) continue;
      zeroObject(this.#words, this.#geometry, object);
      this.#words[object + OBJECT_SLAB] = SLAB_ALLOCATED;
      return object;
    }
    throw new WaitsAlone('kmem_cache_zalloc');
  }

  #free(object: Address): number {
    const slab = object + OBJECT_SLAB;
    if (this.#words[slab] !== SLAB_ALLOCATED) return 0;
    this.#words[slab] = SLAB_FREE;
    return 1;
  }

  /** Whether a word is one of an object that is free. */
  #isGone(address: Address): boolean {
    const first = objectAt(this.#fs, this.#geometry, 0);
    if (address < first) return address < this.#fs;
    const size = objectWords(this.#geometry);
    const slab = address - ((address - first) % size) + OBJECT_SLAB;
    return this.#words[slab] !== SLAB_ALLOCATED;
  }

  #fault(fault: FaultNumber): void {
    if (this.oops === 0) this.oops = fault;
    this.onFault(fault);
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing of it is ever called: all accesses are taken, and so are ghosts
const NO_MEMORY = { NULL } as unknown as SharedMemory;
