import type { AccessKind } from './access-kind.ts';
import { type Address, type SlabObject, type FsInfo, type Page } from './layout.ts';
import { PG_LOCKED } from './page-flags.ts';
import type { SharedMemory } from './shared-memory.ts';

/**
 * The one table of accesses: what each method of `SharedMemory` that is a step is called, takes, gives, does, and depends on. The
 * memories, mutants, logs, compiled code, replay and the reductions of a search have their lists from here;
 * test/unit/memory/access.test.ts compares what each of them does on one word with what is said here.
 */

/** The name of an access: the methods of `SharedMemory` that are steps. */
export type Access = Exclude<keyof SharedMemory, 'writeGhost' | 'recordOops' | 'onFault'>;

const LOCKED = 1 << PG_LOCKED;

const FOUND = (found: number): number => found;
const RAISED = (found: number): number => (found + 1) | 0;
const LOWERED = (found: number): number => (found - 1) | 0;
const STORED = (_found: number, value: number): number => value;
const BIT_OF = (found: number, bit: number): number => (found >>> bit) & 1;
const WITH_BIT = (found: number, bit: number): number => found | (1 << bit);
const WITHOUT_BIT = (found: number, bit: number): number => found & ~(1 << bit);
const WITH_LOCK = (flags: number): number => flags | LOCKED;

const primitive = {
  operands: 'none',
  gives: 'nothing',
  reads: false,
  writes: 'never',
  isReadModifyWrite: false,
  maySleep: false,
  ordering: 'none',
} as const;
const load = {
  ...primitive,
  place: 'word',
  gives: 'number',
  reads: true,
  ordering: 'relaxed',
  answer: FOUND,
} as const;
const store = {
  ...primitive,
  place: 'word',
  operands: 'value',
  writes: 'always',
  commutes: '=',
  ordering: 'relaxed',
  leaves: STORED,
} as const;
/** Without a result it is not ordered, with one it is in full. */
const modify = {
  ...primitive,
  place: 'word',
  reads: true,
  writes: 'always',
  isReadModifyWrite: true,
  ordering: 'relaxed',
} as const;
const spinLock = { ...primitive, place: 'spin-lock', reads: true, writes: 'always' } as const;
const pageLock = { ...primitive, place: 'page-lock', reads: true, writes: 'always' } as const;
const section = { ...primitive, place: 'section', commutes: 'rcu' } as const;
const slab = { ...primitive, reads: true, writes: 'always' } as const;

/** Every access, by name. */
export const accessKinds: Readonly<Record<Access, AccessKind>> = {
  atomicRead: { ...load, kernel: 'atomic_read' },
  atomicSet: { ...store, kernel: 'atomic_set' },
  atomicInc: { ...modify, kernel: 'atomic_inc', commutes: '+-', leaves: RAISED },
  atomicFetchInc: {
    ...modify,
    kernel: 'atomic_fetch_inc',
    gives: 'number',
    ordering: 'full',
    leaves: RAISED,
    answer: FOUND,
  },
  atomicDec: { ...modify, kernel: 'atomic_dec', commutes: '+-', leaves: LOWERED },
  atomicIncNotZero: {
    ...modify,
    kernel: 'atomic_inc_not_zero',
    gives: 'truth',
    writes: 'if-true',
    ordering: 'full',
    orderingOtherwise: 'relaxed',
    leaves: (found) => (found === 0 ? 0 : RAISED(found)),
    answer: (found) => (found === 0 ? 0 : 1),
  },
  atomicDecAndTest: {
    ...modify,
    kernel: 'atomic_dec_and_test',
    gives: 'truth',
    ordering: 'full',
    leaves: LOWERED,
    answer: (found) => (found === 1 ? 1 : 0),
  },
  atomicCmpxchg: {
    ...modify,
    kernel: 'atomic_cmpxchg',
    operands: 'exchange',
    gives: 'number',
    writes: 'if-expected',
    ordering: 'full',
    orderingOtherwise: 'relaxed',
    leaves: (found, expected, replacement) => (found === expected ? replacement : found),
    answer: FOUND,
  },
  testBit: { ...load, kernel: 'test_bit', operands: 'bit', gives: 'truth', answer: BIT_OF },
  // What becomes of the bit does not depend on what it was.
  setBit: { ...modify, kernel: 'set_bit', operands: 'bit', reads: false, commutes: 'set', leaves: WITH_BIT },
  clearBit: {
    ...modify,
    kernel: 'clear_bit',
    operands: 'bit',
    reads: false,
    commutes: 'clear',
    leaves: WITHOUT_BIT,
  },
  // Ordered in full even if the bit stays as it was: so instrumented-atomic.h, and atomic_bitops.txt since v6.0.
  testAndSetBit: {
    ...modify,
    kernel: 'test_and_set_bit',
    operands: 'bit',
    gives: 'truth',
    writes: 'if-false',
    ordering: 'full',
    leaves: WITH_BIT,
    answer: BIT_OF,
  },
  testAndClearBit: {
    ...modify,
    kernel: 'test_and_clear_bit',
    operands: 'bit',
    gives: 'truth',
    writes: 'if-true',
    ordering: 'full',
    leaves: WITHOUT_BIT,
    answer: BIT_OF,
  },
  readOnce: { ...load, kernel: 'READ_ONCE' },
  writeOnce: { ...store, kernel: 'WRITE_ONCE' },
  spinLock: { ...spinLock, kernel: 'spin_lock', holds: 'from-here', ordering: 'acquire' },
  spinUnlock: { ...spinLock, kernel: 'spin_unlock', holds: 'no-more', ordering: 'release' },
  trylockPage: {
    ...pageLock,
    kernel: 'trylock_page',
    gives: 'truth',
    writes: 'if-true',
    isReadModifyWrite: true,
    holds: 'from-here',
    ordering: 'acquire',
    orderingOtherwise: 'relaxed',
    leaves: WITH_LOCK,
    answer: (flags) => ((flags & LOCKED) === 0 ? 1 : 0),
  },
  lockPage: {
    ...pageLock,
    kernel: 'lock_page',
    holds: 'from-here',
    maySleep: true,
    ordering: 'acquire',
    leaves: WITH_LOCK,
  },
  unlockPage: {
    ...pageLock,
    kernel: 'unlock_page',
    holds: 'no-more',
    ordering: 'release',
    leaves: (flags) => flags & ~LOCKED,
  },
  // Nothing is promised to who waits, unless it has slept: the flag is read by a test_bit first.
  waitOnPageLocked: {
    ...pageLock,
    kernel: 'wait_on_page_locked',
    writes: 'never',
    maySleep: true,
    ordering: 'relaxed',
  },
  waitEvent: { ...load, kernel: 'wait_event', operands: 'value', maySleep: true },
  cpuRelax: { ...primitive, place: 'none', kernel: 'cpu_relax' },
  // Ordered with grace periods only.
  rcuReadLock: { ...section, kernel: 'rcu_read_lock', holds: 'from-here' },
  rcuReadUnlock: { ...section, kernel: 'rcu_read_unlock', holds: 'no-more' },
  kmemCacheZalloc: { ...slab, place: 'slab', kernel: 'kmem_cache_zalloc', gives: 'object', maySleep: true },
  kmemCacheFree: { ...slab, place: 'object', kernel: 'kmem_cache_free', gives: 'truth' },
  callRcuFree: { ...slab, place: 'object', kernel: 'call_rcu', gives: 'truth', sparesReaders: true },
};

/**
 * The number of each access, which steps of the explore engine and compiled code know it by. Numbers stay what they are: those from
 * 29 to 34 are taken by steps that are no access (src/explore/program/step.ts).
 */
export const accessNumbers = {
  atomicRead: 1,
  atomicSet: 2,
  atomicInc: 3,
  atomicFetchInc: 4,
  atomicDec: 5,
  atomicIncNotZero: 6,
  atomicDecAndTest: 7,
  atomicCmpxchg: 8,
  testBit: 9,
  setBit: 10,
  clearBit: 11,
  testAndSetBit: 12,
  testAndClearBit: 13,
  readOnce: 14,
  writeOnce: 15,
  spinLock: 16,
  spinUnlock: 17,
  trylockPage: 18,
  lockPage: 19,
  unlockPage: 20,
  waitOnPageLocked: 21,
  waitEvent: 22,
  cpuRelax: 23,
  rcuReadLock: 24,
  rcuReadUnlock: 25,
  kmemCacheZalloc: 26,
  kmemCacheFree: 27,
  callRcuFree: 28,
} as const;

/** The names of all accesses, in the order of the table. */
export const accessNames: readonly Access[] = Object.keys(accessKinds) as Access[];

const byNumber: readonly (Access | undefined)[] = accessNames.reduce<(Access | undefined)[]>(
  (all, access) => {
    all[accessNumbers[access]] = access;
    return all;
  },
  [],
);

/** The access that has a number, or undefined. */
export function accessNumbered(number: number): Access | undefined {
  return byNumber[number];
}

/** The accesses whose kind is such. */
export function accessesThat(are: (kind: AccessKind) => boolean): readonly Access[] {
  return accessNames.filter((access) => are(accessKinds[access]));
}

/** Whether an access that gave `result` may have written. */
export function mayHaveWritten(access: Access, operand: number, result: number): boolean {
  switch (accessKinds[access].writes) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'if-true':
      return result !== 0;
    case 'if-false':
      return result === 0;
    case 'if-expected':
      return result === operand;
  }
}

/**
 * What is wrong with the numbers that an access is given, in one sentence: an Int32Array would take them for something else.
 * `kernel`: its name there.
 */
export function argumentObjection(
  kernel: string,
  isOfBit: boolean,
  address: number,
  operand: number,
  replacement: number,
): string | undefined {
  if (!isWord(address)) return notAnInteger(kernel, address);
  if (!isWord(operand)) return notAnInteger(kernel, operand);
  if (!isWord(replacement)) return notAnInteger(kernel, replacement);
  const isBit = operand >= 0 && operand < 32;
  return isOfBit && !isBit ? `${kernel}(${operand}): a bit has a number from 0 to 31` : undefined;
}

/** Whether a number is one of 32 bits; what is no number must not be made one, which may run code of its own. */
function isWord(value: number): boolean {
  return Number.isInteger(value) && (value | 0) === value;
}

function notAnInteger(kernel: string, value: number): string {
  return `${kernel}(${String(value)}): expected an integer of 32 bits`;
}

/* oxlint-disable typescript/no-unsafe-type-assertion -- the address is the one that the model gave to the same method */

/**
 * Makes an access. `operand` is the bit, the value to store or the value to expect, `replacement` that of a cmpxchg.
 * Returns what it gave back, truths as 0 and 1, 0 for nothing.
 */
export function perform(
  memory: SharedMemory,
  access: Access,
  address: Address,
  operand: number,
  replacement: number,
): number {
  switch (access) {
    case 'atomicRead':
      return memory.atomicRead(address);
    case 'atomicSet':
      return done(memory.atomicSet(address, operand));
    case 'atomicInc':
      return done(memory.atomicInc(address));
    case 'atomicFetchInc':
      return memory.atomicFetchInc(address);
    case 'atomicDec':
      return done(memory.atomicDec(address));
    case 'atomicIncNotZero':
      return Number(memory.atomicIncNotZero(address));
    case 'atomicDecAndTest':
      return Number(memory.atomicDecAndTest(address));
    case 'atomicCmpxchg':
      return memory.atomicCmpxchg(address, operand, replacement);
    case 'testBit':
      return Number(memory.testBit(operand, address));
    case 'setBit':
      return done(memory.setBit(operand, address));
    case 'clearBit':
      return done(memory.clearBit(operand, address));
    case 'testAndSetBit':
      return Number(memory.testAndSetBit(operand, address));
    case 'testAndClearBit':
      return Number(memory.testAndClearBit(operand, address));
    case 'readOnce':
      return memory.readOnce(address);
    case 'writeOnce':
      return done(memory.writeOnce(address, operand));
    case 'spinLock':
      return done(memory.spinLock(address));
    case 'spinUnlock':
      return done(memory.spinUnlock(address));
    case 'trylockPage':
      return Number(memory.trylockPage(address as Page));
    case 'lockPage':
      return done(memory.lockPage(address as Page));
    case 'unlockPage':
      return done(memory.unlockPage(address as Page));
    case 'waitOnPageLocked':
      return done(memory.waitOnPageLocked(address as Page));
    case 'waitEvent':
      return memory.waitEvent(address, operand);
    case 'cpuRelax':
      return done(memory.cpuRelax());
    case 'rcuReadLock':
      return done(memory.rcuReadLock());
    case 'rcuReadUnlock':
      return done(memory.rcuReadUnlock());
    case 'kmemCacheZalloc':
      return memory.kmemCacheZalloc(address as FsInfo);
    case 'kmemCacheFree':
      return Number(memory.kmemCacheFree(address as SlabObject));
    case 'callRcuFree':
      return Number(memory.callRcuFree(address as SlabObject));
  }
}

function done(_nothing: void): 0 {
  return 0;
}
