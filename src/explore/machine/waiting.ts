import { type Access, accessKinds, accessNames } from '../../memory/access.ts';
import { accessNumbers } from '../../memory/access-numbers.ts';

/**
 * What becomes of a step while stores of its actor wait in a buffer:
 * - `Passes`: nothing that concerns the buffer.
 * - `Loads`: it finds what the buffer has last for its word, or else the word.
 * - `Stores`: it goes into the buffer itself, whatever is in there.
 * - `Looks`: as `Loads` where it then writes nothing, and as `Drains` otherwise.
 * - `Drains`: it waits until the buffer is empty.
 */
export const Way = { Passes: 0, Loads: 1, Stores: 2, Looks: 3, Drains: 4 } as const;

/** The barriers that are an instruction on x86-64: the others are for the compiler only, since loads and stores are in order each. */
const FENCES: ReadonlySet<Access> = new Set<Access>(['smpMb']);

/**
 * The way of each kind of step on x86-64, by number; those that are no accesses pass. Every read-modify-write has a lock prefix there,
 * or is an exchange. The slab counts as one, too, though its fast path is none: what it hands out and takes back is in order.
 */
export function waysOnX86(): Uint8Array {
  const ways = new Uint8Array(256);
  for (const access of accessNames) ways[accessNumbers[access]] = wayOnX86(access);
  return ways;
}

function wayOnX86(access: Access): number {
  const { target, writes, isPlainStore, looksFirst } = accessKinds[access];
  if (target === 'none' || target === 'section') return FENCES.has(access) ? Way.Drains : Way.Passes;
  if (isPlainStore === true) return Way.Stores;
  if (looksFirst === true) return Way.Looks;
  return writes === 'never' ? Way.Loads : Way.Drains;
}
