import { type Access, accessKinds } from './access.ts';
import type { Address, SlabObject, FsInfo, Page } from './layout.ts';
import type { SharedMemory } from './shared-memory.ts';

/** Makes accesses that are given as data: whoever intercepts, replays or compiles them. */

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
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
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
    default:
      return performByTable(memory, access, address, operand, replacement);
  }
}

type Method = (this: SharedMemory, one: number, two: number, three: number) => unknown;

/** An access that is not written out above: its method takes what its row says, in the order that all methods have. */
function performByTable(
  memory: SharedMemory,
  access: Access,
  address: Address,
  operand: number,
  replacement: number,
): number {
  const method = memory[access] as Method;
  const isOfBit = accessKinds[access].operands === 'bit';
  return Number(
    method.call(memory, isOfBit ? operand : address, isOfBit ? address : operand, replacement) ?? 0,
  );
}

function done(_nothing: void): 0 {
  return 0;
}
