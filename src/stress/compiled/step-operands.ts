/** What single steps of compiled trials are made of, besides their instructions: see step-code.ts. */
import { accessKinds } from '../../memory/access.ts';
import type { AccessKind } from '../../memory/access-kind.ts';
import { accessNumbers } from '../../memory/access-numbers.ts';
import {
  ATOMIC_ADD,
  ATOMIC_AND,
  ATOMIC_OR,
  type Bytes,
  constant,
  wordAt,
} from '../../memory/wasm-encoding.ts';
import { type Action, isAccess, isRelative, offsetOf, type Portable } from './trace.ts';

/** The instruction of a read-modify-write. */
export type Modification = typeof ATOMIC_ADD | typeof ATOMIC_AND | typeof ATOMIC_OR;

/** The row of an action, if it is an access. */
export function kindOf(action: Action): Partial<AccessKind> {
  return isAccess(action) ? accessKinds[action] : {};
}

/** Pushes the number of an access. */
export function numberOf(action: Action): Bytes {
  return constant(isAccess(action) ? accessNumbers[action] : 0);
}

/** What a modification leaves of a value. */
export function modified(code: Modification, value: number, by: number): number {
  switch (code) {
    case ATOMIC_ADD:
      return (value + by) | 0;
    case ATOMIC_AND:
      return value & by;
    case ATOMIC_OR:
      return value | by;
  }
}

/** The operand of an atomic instruction on two words at once, which has to be aligned to them. */
export function longAt(address: Portable): Bytes {
  return [0x03, ...offset(address).slice(1)];
}

/** The operand of a memory instruction on an address, behind its base. */
export function offset(address: Portable): Bytes {
  return wordAt(isRelative(address) ? offsetOf(address) : address);
}
