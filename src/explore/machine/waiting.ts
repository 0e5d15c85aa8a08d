import { type Access, accessKinds, accessNames } from '../../memory/access.ts';
import { isBarrier } from '../../memory/access-kind.ts';
import { accessNumbers } from '../../memory/access-numbers.ts';

/**
 * What becomes of a step while stores of its actor wait in a buffer:
 * - `Passes`: nothing that concerns the buffer.
 * - `Loads`: it finds what the buffer has last for its word, or else the word.
 * - `Stores`: it goes into the buffer itself, whatever is in there.
 * - `Looks`: as `Loads` where it then writes nothing, and as `Drains` otherwise.
 * - `Drains`: it waits until the buffer is empty.
 * - `Fetches`: it gives what it found, and its store goes into the buffer; nobody else may write to the word until that is visible.
 * - `Takes`: it waits until nothing is in the buffer for its word.
 * - `Separates`: what is in the buffer becomes visible before what comes behind it.
 */
export const Way = {
  Passes: 0,
  Loads: 1,
  Stores: 2,
  Looks: 3,
  Drains: 4,
  Fetches: 5,
  Takes: 6,
  Separates: 7,
} as const;

/** The barriers that are an instruction on x86-64: the others are for the compiler only, since loads and stores are in order each. */
const FENCES: ReadonlySet<Access> = new Set<Access>(['smpMb']);

/**
 * The way of each kind of step on x86-64, by number; those that are no accesses pass. Every read-modify-write has a lock prefix there,
 * or is an exchange. The slab counts as one, too, though its fast path is none: what it hands out and takes back is in order.
 */
export const waysOnX86: Uint8Array = waysBy((access) => {
  const { target, writes, isPlainStore, looksFirst } = accessKinds[access];
  if (target === 'none' || target === 'section') return FENCES.has(access) ? Way.Drains : Way.Passes;
  if (isPlainStore === true) return Way.Stores;
  if (looksFirst === true) return Way.Looks;
  return writes === 'never' ? Way.Loads : Way.Drains;
});

/**
 * The same for what the Linux memory model allows of delayed stores. Read-modify-writes that give nothing wait as stores do; those
 * that give something and are not fully ordered have only their store delayed. What gives a lock back is a store; what takes one
 * happens at once.
 */
export const waysOfLkmm: Uint8Array = waysBy((access) => {
  const kind = accessKinds[access];
  const { target, writes, gives, ordering, holds, looksFirst } = kind;
  if (isBarrier(kind))
    return ordering === 'full' ? Way.Drains : ordering === 'write' ? Way.Separates : Way.Passes;
  if (target === 'none' || target === 'section') return Way.Passes;
  if (target === 'slab' || target === 'object') return Way.Drains;
  if (writes === 'never') return Way.Loads;
  if (holds === 'from-here') return Way.Takes;
  if (gives === 'nothing') return Way.Stores;
  if (ordering !== 'full') return Way.Fetches;
  return looksFirst === true ? Way.Looks : Way.Drains;
});

/** 1 for the kinds of steps whose store becomes visible only when it is the first of its buffer. */
export const isRelease: Uint8Array = waysBy((access) => (accessKinds[access].ordering === 'release' ? 1 : 0));

function waysBy(wayOf: (access: Access) => number): Uint8Array {
  const ways = new Uint8Array(256);
  for (const access of accessNames) ways[accessNumbers[access]] = wayOf(access);
  return ways;
}
