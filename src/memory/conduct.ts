import { type Access, accessKinds } from './access.ts';
import { isOfWord } from './access-kind.ts';
import { areasOf, BUFFER_AREA, NO_AREA, PAGE_FLAGS_AREA } from './areas.ts';
import { Fault, type FaultNumber } from './fault.ts';
import { type Address, type FsInfo, type Geometry, objectAt } from './layout.ts';

/** What an actor holds. */
export interface Held {
  /** The spin locks, in ascending order. */
  readonly held: readonly Address[];
  /** The read-write locks, in ascending order of what `semaphoreOf` calls them; one that it reads under twice is here twice. */
  readonly semaphores: readonly number[];
  /** How many RCU read sections it is inside of, one in the other. */
  readonly rcuDepth: number;
}

/** Nothing. */
export const HOLDS_NOTHING: Held = { held: [], semaphores: [], rcuDepth: 0 };

/** A read-write lock as it is held behind an access that takes it, or before one that gives it back: its address, for readers `~` of it. */
export function semaphoreOf(access: Access, lock: Address): number {
  return accessKinds[access].mode === 'write' ? lock : ~lock;
}

/** The rules that every actor keeps in the world at `fs`, as far as they are known of the actor alone. */
export class Conduct {
  readonly #areas: Uint8Array;
  readonly #buffers: ReadonlySet<number>;

  constructor(geometry: Geometry) {
    this.#areas = areasOf(geometry);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an origin, not the address of a world
    const origin = 0 as FsInfo;
    this.#buffers = new Set(
      Array.from({ length: geometry.buffers }, (_, index) => objectAt(origin, geometry, index)),
    );
  }

  /** What an access does wrong by whom holds this, or 0. `address`: behind the start of the world. */
  faultOf(access: Access, address: Address, { held, semaphores, rcuDepth }: Held): FaultNumber | 0 {
    if (this.#isWild(access, address)) return Fault.WildAccess;
    const { target, holds, maySleep } = accessKinds[access];
    if (holds === 'no-more' && target === 'spin-lock' && !held.includes(address)) return Fault.BadUnlock;
    if (holds === 'no-more' && target === 'rwsem' && !semaphores.includes(semaphoreOf(access, address)))
      return Fault.BadUnlock;
    if (holds === 'no-more' && target === 'section' && rcuDepth === 0) return Fault.RcuImbalance;
    return maySleep && (held.length > 0 || rcuDepth > 0) ? Fault.SleepInAtomic : 0;
  }

  /** The number of the buffer that an access touches a word of, or -1; frees touch the object as a whole. */
  bufferOf(access: Access, address: Address): number {
    const { target } = accessKinds[access];
    const area = isOfWord(target) || target === 'page-lock' ? (this.#areas[address] ?? NO_AREA) : NO_AREA;
    return area >= BUFFER_AREA ? area - BUFFER_AREA : -1;
  }

  #isWild(access: Access, address: Address): boolean {
    const area = this.#areas[address] ?? NO_AREA;
    const { target } = accessKinds[access];
    if (isOfWord(target)) return area === NO_AREA;
    switch (target) {
      case 'none':
      case 'section':
        return false;
      case 'page-lock':
        return area !== PAGE_FLAGS_AREA;
      case 'slab':
        return address !== 0;
      case 'object':
        return !this.#buffers.has(address);
    }
  }
}

/** What an actor holds behind an access, which gave `result`. */
export function heldAfter(before: Held, access: Access, address: Address, result: number): Held {
  const { target, holds, gives } = accessKinds[access];
  if (holds === undefined || target === 'page-lock' || (gives === 'truth' && result === 0)) return before;
  const { held, semaphores, rcuDepth } = before;
  const isFromHere = holds === 'from-here';
  if (target === 'section')
    return { held, semaphores, rcuDepth: isFromHere ? rcuDepth + 1 : Math.max(0, rcuDepth - 1) };
  const change = isFromHere ? withOne : withoutOne;
  return target === 'rwsem'
    ? { held, semaphores: change(semaphores, semaphoreOf(access, address)), rcuDepth }
    : { held: change(held, address), semaphores, rcuDepth };
}

function withOne(locks: readonly number[], lock: number): readonly number[] {
  return [...locks, lock].toSorted((one, other) => one - other);
}

function withoutOne(locks: readonly number[], lock: number): readonly number[] {
  const index = locks.indexOf(lock);
  return index < 0 ? locks : locks.toSpliced(index, 1);
}

/** What an actor has done wrong whose program ends while it holds this, or 0. */
export function faultAtEnd({ held, semaphores, rcuDepth }: Held): FaultNumber | 0 {
  if (held.length > 0 || semaphores.length > 0) return Fault.LockHeld;
  return rcuDepth > 0 ? Fault.RcuImbalance : 0;
}
