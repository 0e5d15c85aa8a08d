import type { Address, ExtentBuffer, FsInfo, Page } from './layout.ts';
import type { SharedMemory } from './shared-memory.ts';

/** What an access gives back: nothing, whether something was so, a count or flags or a pointer, an object. */
export type AccessResult = 'nothing' | 'truth' | 'number' | 'object';

/** One method of `SharedMemory` as data. */
export interface AccessKind {
  /** The kernel's name. */
  readonly kernel: string;
  readonly gives: AccessResult;
  /** Whether its operand is the number of a bit. */
  readonly isOfBit: boolean;
}

const nothing = (kernel: string, isOfBit = false): AccessKind => ({ kernel, gives: 'nothing', isOfBit });
const truth = (kernel: string, isOfBit = false): AccessKind => ({ kernel, gives: 'truth', isOfBit });
const number = (kernel: string): AccessKind => ({ kernel, gives: 'number', isOfBit: false });

/** The name of an access: the methods of `SharedMemory` that are steps. */
export type Access = Exclude<keyof SharedMemory, 'writeGhost' | 'recordOops' | 'onFault'>;

/** Every access, by name. */
export const accessKinds: Readonly<Record<Access, AccessKind>> = {
  atomicRead: number('atomic_read'),
  atomicSet: nothing('atomic_set'),
  atomicInc: nothing('atomic_inc'),
  atomicFetchInc: number('atomic_fetch_inc'),
  atomicDec: nothing('atomic_dec'),
  atomicIncNotZero: truth('atomic_inc_not_zero'),
  atomicDecAndTest: truth('atomic_dec_and_test'),
  atomicCmpxchg: number('atomic_cmpxchg'),
  testBit: truth('test_bit', true),
  setBit: nothing('set_bit', true),
  clearBit: nothing('clear_bit', true),
  testAndSetBit: truth('test_and_set_bit', true),
  testAndClearBit: truth('test_and_clear_bit', true),
  readOnce: number('READ_ONCE'),
  writeOnce: nothing('WRITE_ONCE'),
  spinLock: nothing('spin_lock'),
  spinUnlock: nothing('spin_unlock'),
  trylockPage: truth('trylock_page'),
  lockPage: nothing('lock_page'),
  unlockPage: nothing('unlock_page'),
  waitOnPageLocked: nothing('wait_on_page_locked'),
  waitEvent: number('wait_event'),
  cpuRelax: nothing('cpu_relax'),
  rcuReadLock: nothing('rcu_read_lock'),
  rcuReadUnlock: nothing('rcu_read_unlock'),
  kmemCacheZalloc: { kernel: 'kmem_cache_zalloc', gives: 'object', isOfBit: false },
  kmemCacheFree: truth('kmem_cache_free'),
  callRcuFree: truth('call_rcu'),
};

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
      return Number(memory.kmemCacheFree(address as ExtentBuffer));
    case 'callRcuFree':
      return Number(memory.callRcuFree(address as ExtentBuffer));
  }
}

function done(_nothing: void): 0 {
  return 0;
}
