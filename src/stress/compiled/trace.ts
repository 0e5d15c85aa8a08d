import { type Access, accessKinds } from '../../memory/access.ts';
import { type Address, type FsInfo, type Geometry, worldWords } from '../../memory/layout.ts';
import { pointersOf } from '../../memory/structures.ts';

/**
 * What an actor does in a trial as data: the accesses that its model made, one after the other, with what they gave. Addresses
 * and pointers of a world are kept relative to it, so that a trace of one world is a trace of any.
 */

/** Everything that a model does to memory, and the beginning of an operation of the actor's program. */
export type Action = Access | 'recordOops' | 'writeGhost' | 'operation';

/** Whether an action is an access. */
export function isAccess(action: Action): action is Access {
  return action in accessKinds;
}

/** A number, or a place in the world of the trial: `RELATIVE` and the words behind the beginning of the world. */
export type Portable = number;

/** Where no address is and no other number that models use, and within 32 bits, which V8 handles without allocating. */
const RELATIVE = 2 ** 30;
/** Beyond the places of the largest world. */
const RELATIVE_END = RELATIVE + 2 ** 12;

/** Whether it is a place in the world. */
export function isRelative(value: Portable): boolean {
  return value >= RELATIVE && value < RELATIVE_END;
}

/** The words of a place behind the beginning of the world. */
export function offsetOf(place: Portable): number {
  return place - RELATIVE;
}

/** One step of a trace. */
export interface TracedStep {
  readonly action: Action;
  readonly address: Portable;
  /** The bit, the value to store or to expect, the number of the check or of the operation; 0 if it has none. */
  readonly operand: Portable;
  /** The replacement of a cmpxchg; 0 otherwise. */
  readonly replacement: Portable;
}

/** Makes the numbers of one world portable, and the other way round. */
export class Porter {
  fs: FsInfo;
  readonly #words: number;
  readonly #pointers: ReadonlySet<Address>;

  constructor(fs: FsInfo, geometry: Geometry) {
    this.fs = fs;
    this.#words = worldWords(geometry);
    this.#pointers = pointersOf(geometry);
  }

  /** An address: relative if it is one of the world. */
  address(address: Address): Portable {
    const offset = address - this.fs;
    return offset >= 0 && offset < this.#words ? RELATIVE + offset : address;
  }

  /**
   * What stands at an address, or is to stand there: relative if words of that kind hold pointers, and it is one of the world.
   * What an allocation gives counts as standing at its world's first word, the slot of the tree.
   */
  valueAt(address: Address, value: number): Portable {
    return this.#pointers.has(address - this.fs) ? this.address(value) : value;
  }

  /** What a portable number is in this world. */
  local(value: Portable): number {
    return isRelative(value) ? offsetOf(value) + this.fs : value;
  }
}
