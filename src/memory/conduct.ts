import type { Access } from './access.ts';
import { areasOf, BUFFER_AREA, NO_AREA, PAGE_FLAGS_AREA } from './areas.ts';
import { Fault, type FaultNumber } from './fault.ts';
import { type Address, bufferAt, type FsInfo, type Geometry } from './layout.ts';

const WITHOUT_WORD: ReadonlySet<Access> = new Set<Access>(['cpuRelax', 'rcuReadLock', 'rcuReadUnlock']);
const OF_PAGE: ReadonlySet<Access> = new Set<Access>([
  'trylockPage',
  'lockPage',
  'unlockPage',
  'waitOnPageLocked',
]);
/** Accesses that may sleep, so that no lock may be held around them but a page's. */
export const SLEEPING: readonly Access[] = ['lockPage', 'waitOnPageLocked', 'waitEvent', 'kmemCacheZalloc'];

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
      Array.from({ length: geometry.buffers }, (_, index) => bufferAt(origin, geometry, index)),
    );
  }

  /** What an access does wrong by whom holds this, or 0. `address`: behind the start of the world. */
  faultOf(access: Access, address: Address, { held, rcuDepth }: Held): FaultNumber | 0 {
    if (this.#isWild(access, address)) return Fault.WildAccess;
    if (access === 'spinUnlock' && !held.includes(address)) return Fault.BadUnlock;
    if (access === 'rcuReadUnlock' && rcuDepth === 0) return Fault.RcuImbalance;
    return SLEEPING.includes(access) && (held.length > 0 || rcuDepth > 0) ? Fault.SleepInAtomic : 0;
  }

  /** The number of the buffer that an access touches a word of, or -1; frees touch the object as a whole. */
  bufferOf(access: Access, address: Address): number {
    if (access === 'kmemCacheFree' || access === 'callRcuFree' || access === 'kmemCacheZalloc') return -1;
    const area = WITHOUT_WORD.has(access) ? NO_AREA : (this.#areas[address] ?? NO_AREA);
    return area >= BUFFER_AREA ? area - BUFFER_AREA : -1;
  }

  #isWild(access: Access, address: Address): boolean {
    if (WITHOUT_WORD.has(access)) return false;
    if (access === 'kmemCacheZalloc') return address !== 0;
    if (access === 'kmemCacheFree' || access === 'callRcuFree') return !this.#buffers.has(address);
    const area = this.#areas[address] ?? NO_AREA;
    return OF_PAGE.has(access) ? area !== PAGE_FLAGS_AREA : area === NO_AREA;
  }
}

/** What an actor holds behind an access. */
export function heldAfter(before: Held, access: Access, address: Address): Held {
  const { held, rcuDepth } = before;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
  switch (access) {
    case 'spinLock':
      return { held: [...held, address].toSorted((one, other) => one - other), rcuDepth };
    case 'spinUnlock':
      return { held: held.filter((lock) => lock !== address), rcuDepth };
    case 'rcuReadLock':
      return { held, rcuDepth: rcuDepth + 1 };
    case 'rcuReadUnlock':
      return { held, rcuDepth: Math.max(0, rcuDepth - 1) };
    default:
      return before;
  }
}

/** What an actor has done wrong whose program ends while it holds this, or 0. */
export function faultAtEnd({ held, rcuDepth }: Held): FaultNumber | 0 {
  if (held.length > 0) return Fault.LockHeld;
  return rcuDepth > 0 ? Fault.RcuImbalance : 0;
}
