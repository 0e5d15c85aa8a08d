import { type Access, accessKinds } from './access.ts';
import { areasOf, BUFFER_AREA, NO_AREA, PAGE_FLAGS_AREA } from './areas.ts';
import { Fault, type FaultNumber } from './fault.ts';
import { type Address, type FsInfo, type Geometry, objectAt } from './layout.ts';

/** What an actor holds. */
export interface Held {
  /** The spin locks, in ascending order. */
  readonly held: readonly Address[];
  /** How many RCU read sections it is inside of, one in the other. */
  readonly rcuDepth: number;
}

/** Nothing. */
export const HOLDS_NOTHING: Held = { held: [], rcuDepth: 0 };

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
  faultOf(access: Access, address: Address, { held, rcuDepth }: Held): FaultNumber | 0 {
    if (this.#isWild(access, address)) return Fault.WildAccess;
    const { place, holds, maySleep } = accessKinds[access];
    if (holds === 'no-more' && place === 'spin-lock' && !held.includes(address)) return Fault.BadUnlock;
    if (holds === 'no-more' && place === 'section' && rcuDepth === 0) return Fault.RcuImbalance;
    return maySleep && (held.length > 0 || rcuDepth > 0) ? Fault.SleepInAtomic : 0;
  }

  /** The number of the buffer that an access touches a word of, or -1; frees touch the object as a whole. */
  bufferOf(access: Access, address: Address): number {
    const { place } = accessKinds[access];
    const isOfWord = place === 'word' || place === 'spin-lock' || place === 'page-lock';
    const area = isOfWord ? (this.#areas[address] ?? NO_AREA) : NO_AREA;
    return area >= BUFFER_AREA ? area - BUFFER_AREA : -1;
  }

  #isWild(access: Access, address: Address): boolean {
    const area = this.#areas[address] ?? NO_AREA;
    switch (accessKinds[access].place) {
      case 'none':
      case 'section':
        return false;
      case 'word':
      case 'spin-lock':
        return area === NO_AREA;
      case 'page-lock':
        return area !== PAGE_FLAGS_AREA;
      case 'slab':
        return address !== 0;
      case 'object':
        return !this.#buffers.has(address);
    }
  }
}

/** What an actor holds behind an access. */
export function heldAfter(before: Held, access: Access, address: Address): Held {
  const { place, holds } = accessKinds[access];
  if (holds === undefined || place === 'page-lock') return before;
  const { held, rcuDepth } = before;
  const isFromHere = holds === 'from-here';
  if (place === 'section') return { held, rcuDepth: isFromHere ? rcuDepth + 1 : Math.max(0, rcuDepth - 1) };
  const others = held.filter((lock) => lock !== address);
  return { held: isFromHere ? [...held, address].toSorted((one, other) => one - other) : others, rcuDepth };
}

/** What an actor has done wrong whose program ends while it holds this, or 0. */
export function faultAtEnd({ held, rcuDepth }: Held): FaultNumber | 0 {
  if (held.length > 0) return Fault.LockHeld;
  return rcuDepth > 0 ? Fault.RcuImbalance : 0;
}
