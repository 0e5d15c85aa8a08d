import type { AccessKind } from './access-kind.ts';
import { accessNumbers } from './access-numbers.ts';
import {
  FOUND,
  LOCKED,
  RAISED,
  RAISED_UNLESS_ZERO,
  IS_NOT_ZERO,
  LOWERED,
  ADDED,
  WITH,
  WITHOUT,
  BIT_OF,
  WITH_BIT,
  WITHOUT_BIT,
  WITH_LOCK,
  IS_UNLOCKED,
  IS_CLEAR,
  IS_NOBODYS,
  IS_NO_WRITERS,
  WRITER,
  primitive,
  load,
  store,
  modify,
  spinLock,
  ofReader,
  ofWriter,
  pageLock,
  section,
  slab,
  modifyBy,
  fetch,
  fetchAdd,
  exchange,
  compare,
} from './access-shapes.ts';
import type { SharedMemory } from './shared-memory.ts';

/**
 * The one table of accesses: what each method of `SharedMemory` that is a step is called, takes, gives, does, and depends on. The
 * memories, mutants, logs, compiled code, replay and the reductions of a search have their lists from here;
 * test/unit/memory/access.test.ts compares what each of them does on one word with what is said here.
 */

/** The name of an access: the methods of `SharedMemory` that are steps. */
export type Access = Exclude<keyof SharedMemory, 'writeGhost' | 'recordOops' | 'onFault'>;

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
    looksFirst: true,
    ordering: 'full',
    orderingOtherwise: 'relaxed',
    leaves: RAISED_UNLESS_ZERO,
    answer: IS_NOT_ZERO,
  },
  atomicDecAndTest: {
    ...modify,
    kernel: 'atomic_dec_and_test',
    gives: 'truth',
    ordering: 'full',
    leaves: LOWERED,
    answer: (found) => (found === 1 ? 1 : 0),
  },
  atomicSubAndTest: {
    ...modify,
    kernel: 'atomic_sub_and_test',
    operands: 'value',
    gives: 'truth',
    ordering: 'full',
    leaves: (found, value) => (found - value) | 0,
    answer: (found, value) => (found === value ? 1 : 0),
  },
  atomicAdd: { ...modifyBy, kernel: 'atomic_add', commutes: '+-n', leaves: ADDED },
  atomicOr: { ...modifyBy, kernel: 'atomic_or', reads: false, commutes: '|', leaves: WITH },
  atomicAndnot: { ...modifyBy, kernel: 'atomic_andnot', reads: false, commutes: '&~', leaves: WITHOUT },
  atomicFetchAdd: { ...fetchAdd, kernel: 'atomic_fetch_add', ordering: 'full' },
  atomicFetchAddRelaxed: { ...fetchAdd, kernel: 'atomic_fetch_add_relaxed' },
  atomicFetchAddAcquire: { ...fetchAdd, kernel: 'atomic_fetch_add_acquire', ordering: 'acquire' },
  atomicFetchAddRelease: { ...fetchAdd, kernel: 'atomic_fetch_add_release', ordering: 'release' },
  atomicFetchOr: { ...fetch, kernel: 'atomic_fetch_or', ordering: 'full', leaves: WITH },
  atomicFetchAndnot: { ...fetch, kernel: 'atomic_fetch_andnot', ordering: 'full', leaves: WITHOUT },
  atomicXchg: { ...exchange, kernel: 'atomic_xchg', ordering: 'full' },
  atomicXchgRelaxed: { ...exchange, kernel: 'atomic_xchg_relaxed' },
  atomicXchgAcquire: { ...exchange, kernel: 'atomic_xchg_acquire', ordering: 'acquire' },
  atomicXchgRelease: { ...exchange, kernel: 'atomic_xchg_release', ordering: 'release' },
  atomicCmpxchg: { ...compare, kernel: 'atomic_cmpxchg', ordering: 'full', orderingOtherwise: 'relaxed' },
  atomicCmpxchgRelaxed: { ...compare, kernel: 'atomic_cmpxchg_relaxed' },
  atomicCmpxchgAcquire: {
    ...compare,
    kernel: 'atomic_cmpxchg_acquire',
    ordering: 'acquire',
    orderingOtherwise: 'relaxed',
  },
  atomicCmpxchgRelease: {
    ...compare,
    kernel: 'atomic_cmpxchg_release',
    ordering: 'release',
    orderingOtherwise: 'relaxed',
  },
  atomicAddUnless: {
    ...modify,
    kernel: 'atomic_add_unless',
    operands: 'exchange',
    gives: 'truth',
    writes: 'if-true',
    looksFirst: true,
    ordering: 'full',
    orderingOtherwise: 'relaxed',
    leaves: (found, value, unless) => (found === unless ? found : ADDED(found, value)),
    answer: (found, _value, unless) => (found === unless ? 0 : 1),
  },
  refcountRead: { ...load, kernel: 'refcount_read' },
  refcountSet: { ...store, kernel: 'refcount_set' },
  // Those of reference counts are ordered as refcount.h says. They do not stick at their limits here: whoever calls them judges by the
  // value before, which the kernel looks at, too, to warn.
  refcountInc: { ...modify, kernel: 'refcount_inc', gives: 'number', leaves: RAISED, answer: FOUND },
  // Where it succeeds, stores behind it stay there by their dependency on it, but loads do not: less than acquire.
  refcountIncNotZero: {
    ...modify,
    kernel: 'refcount_inc_not_zero',
    gives: 'truth',
    writes: 'if-true',
    looksFirst: true,
    leaves: RAISED_UNLESS_ZERO,
    answer: IS_NOT_ZERO,
  },
  refcountDec: {
    ...modify,
    kernel: 'refcount_dec',
    gives: 'number',
    ordering: 'release',
    leaves: LOWERED,
    answer: FOUND,
  },
  // Acquire besides where it falls to zero, which the column has no word for: it writes either way.
  refcountDecAndTest: {
    ...modify,
    kernel: 'refcount_dec_and_test',
    gives: 'number',
    ordering: 'release',
    leaves: LOWERED,
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
  // The wake-up is no access of its own: who waits for the bit goes on as soon as it is clear.
  clearAndWakeUpBit: {
    ...modify,
    kernel: 'clear_and_wake_up_bit',
    operands: 'bit',
    reads: false,
    commutes: 'clear',
    ordering: 'release',
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
  // Nothing is promised to who waits, unless it has slept.
  waitOnBit: {
    ...primitive,
    target: 'word',
    kernel: 'wait_on_bit',
    operands: 'bit',
    reads: true,
    maySleep: true,
    ordering: 'relaxed',
    isReady: IS_CLEAR,
  },
  readOnce: { ...load, kernel: 'READ_ONCE' },
  writeOnce: { ...store, kernel: 'WRITE_ONCE' },
  smpLoadAcquire: { ...load, kernel: 'smp_load_acquire', ordering: 'acquire' },
  smpStoreRelease: { ...store, kernel: 'smp_store_release', ordering: 'release' },
  spinLock: {
    ...spinLock,
    kernel: 'spin_lock',
    holds: 'from-here',
    ordering: 'acquire',
    isReady: IS_NOBODYS,
  },
  spinUnlock: {
    ...spinLock,
    kernel: 'spin_unlock',
    isPlainStore: true,
    holds: 'no-more',
    ordering: 'release',
  },
  downRead: {
    ...ofReader,
    kernel: 'down_read',
    writes: 'always',
    holds: 'from-here',
    maySleep: true,
    ordering: 'acquire',
    isReady: IS_NO_WRITERS,
    leaves: RAISED,
  },
  upRead: {
    ...ofReader,
    kernel: 'up_read',
    writes: 'always',
    holds: 'no-more',
    ordering: 'release',
    leaves: (holders) => (holders > 0 ? LOWERED(holders) : holders),
  },
  downWrite: {
    ...ofWriter,
    kernel: 'down_write',
    writes: 'always',
    holds: 'from-here',
    maySleep: true,
    ordering: 'acquire',
    isReady: IS_NOBODYS,
    leaves: () => WRITER,
  },
  upWrite: {
    ...ofWriter,
    kernel: 'up_write',
    writes: 'always',
    holds: 'no-more',
    ordering: 'release',
    leaves: (holders) => (holders < 0 ? 0 : holders),
  },
  // Who holds a lock is known of its actor: like spin_lock, a trylock has no halves between which others may come.
  downReadTrylock: {
    ...ofReader,
    kernel: 'down_read_trylock',
    gives: 'truth',
    writes: 'if-true',
    looksFirst: true,
    holds: 'from-here',
    ordering: 'acquire',
    orderingOtherwise: 'relaxed',
    leaves: (holders) => (holders < 0 ? holders : RAISED(holders)),
    answer: (holders) => (holders < 0 ? 0 : 1),
  },
  downWriteTrylock: {
    ...ofWriter,
    kernel: 'down_write_trylock',
    gives: 'truth',
    writes: 'if-true',
    holds: 'from-here',
    ordering: 'acquire',
    orderingOtherwise: 'relaxed',
    leaves: (holders) => (holders === 0 ? WRITER : holders),
    answer: (holders) => (holders === 0 ? 1 : 0),
  },
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
    isReady: IS_UNLOCKED,
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
    isReady: IS_UNLOCKED,
  },
  waitEvent: {
    ...load,
    kernel: 'wait_event',
    operands: 'value',
    maySleep: true,
    isReady: (found, value) => found !== value,
  },
  cpuRelax: { ...primitive, target: 'none', kernel: 'cpu_relax' },
  // What orders loads orders nothing here: they are in program order in every setting.
  smpMb: { ...primitive, target: 'none', kernel: 'smp_mb', ordering: 'full' },
  smpWmb: { ...primitive, target: 'none', kernel: 'smp_wmb', ordering: 'write' },
  smpRmb: { ...primitive, target: 'none', kernel: 'smp_rmb', ordering: 'read' },
  smpMbBeforeAtomic: { ...primitive, target: 'none', kernel: 'smp_mb__before_atomic', ordering: 'full' },
  smpMbAfterAtomic: { ...primitive, target: 'none', kernel: 'smp_mb__after_atomic', ordering: 'full' },
  // Ordered with grace periods only.
  rcuReadLock: { ...section, kernel: 'rcu_read_lock', holds: 'from-here' },
  rcuReadUnlock: { ...section, kernel: 'rcu_read_unlock', holds: 'no-more' },
  kmemCacheZalloc: { ...slab, target: 'slab', kernel: 'kmem_cache_zalloc', gives: 'object', maySleep: true },
  kmemCacheFree: { ...slab, target: 'object', kernel: 'kmem_cache_free', gives: 'truth' },
  callRcuFree: { ...slab, target: 'object', kernel: 'call_rcu', gives: 'truth', sparesReaders: true },
};

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
