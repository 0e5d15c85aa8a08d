import type { FaultNumber } from './fault.ts';
import type { Address, ExtentBuffer, FsInfo, Page } from './layout.ts';
import type { SharedMemory } from './shared-memory.ts';
import type { Access } from './access.ts';

/**
 * Memory that hands every access to `take`, which decides what becomes of it. Ghosts and violations are no accesses:
 * they go to the memory below as they are.
 */
export abstract class InterceptingMemory implements SharedMemory {
  onFault: (fault: FaultNumber) => void = () => {};
  protected readonly below: SharedMemory;

  constructor(below: SharedMemory) {
    this.below = below;
  }

  /** Makes the access, another, or none; returns what the caller is to see, truths as 0 and 1. */
  protected abstract take(access: Access, address: Address, operand: number, replacement: number): number;

  atomicRead(address: Address): number {
    return this.take('atomicRead', address, 0, 0);
  }

  atomicSet(address: Address, value: number): void {
    this.take('atomicSet', address, value, 0);
  }

  atomicInc(address: Address): void {
    this.take('atomicInc', address, 0, 0);
  }

  atomicFetchInc(address: Address): number {
    return this.take('atomicFetchInc', address, 0, 0);
  }

  atomicDec(address: Address): void {
    this.take('atomicDec', address, 0, 0);
  }

  atomicIncNotZero(address: Address): boolean {
    return this.take('atomicIncNotZero', address, 0, 0) !== 0;
  }

  atomicDecAndTest(address: Address): boolean {
    return this.take('atomicDecAndTest', address, 0, 0) !== 0;
  }

  atomicCmpxchg(address: Address, expected: number, replacement: number): number {
    return this.take('atomicCmpxchg', address, expected, replacement);
  }

  testBit(bit: number, address: Address): boolean {
    return this.take('testBit', address, bit, 0) !== 0;
  }

  setBit(bit: number, address: Address): void {
    this.take('setBit', address, bit, 0);
  }

  clearBit(bit: number, address: Address): void {
    this.take('clearBit', address, bit, 0);
  }

  testAndSetBit(bit: number, address: Address): boolean {
    return this.take('testAndSetBit', address, bit, 0) !== 0;
  }

  testAndClearBit(bit: number, address: Address): boolean {
    return this.take('testAndClearBit', address, bit, 0) !== 0;
  }

  readOnce(address: Address): number {
    return this.take('readOnce', address, 0, 0);
  }

  writeOnce(address: Address, value: number): void {
    this.take('writeOnce', address, value, 0);
  }

  spinLock(lock: Address): void {
    this.take('spinLock', lock, 0, 0);
  }

  spinUnlock(lock: Address): void {
    this.take('spinUnlock', lock, 0, 0);
  }

  trylockPage(page: Page): boolean {
    return this.take('trylockPage', page, 0, 0) !== 0;
  }

  lockPage(page: Page): void {
    this.take('lockPage', page, 0, 0);
  }

  unlockPage(page: Page): void {
    this.take('unlockPage', page, 0, 0);
  }

  waitOnPageLocked(page: Page): void {
    this.take('waitOnPageLocked', page, 0, 0);
  }

  waitEvent(address: Address, value: number): number {
    return this.take('waitEvent', address, value, 0);
  }

  cpuRelax(): void {
    this.take('cpuRelax', 0, 0, 0);
  }

  rcuReadLock(): void {
    this.take('rcuReadLock', 0, 0, 0);
  }

  rcuReadUnlock(): void {
    this.take('rcuReadUnlock', 0, 0, 0);
  }

  kmemCacheZalloc(fs: FsInfo): ExtentBuffer {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the memory below returned
    return this.take('kmemCacheZalloc', fs, 0, 0) as ExtentBuffer;
  }

  kmemCacheFree(eb: ExtentBuffer): boolean {
    return this.take('kmemCacheFree', eb, 0, 0) !== 0;
  }

  callRcuFree(eb: ExtentBuffer): boolean {
    return this.take('callRcuFree', eb, 0, 0) !== 0;
  }

  writeGhost(address: Address, value: number): void {
    this.below.writeGhost(address, value);
  }

  recordOops(oops: Address, check: number): void {
    this.below.recordOops(oops, check);
  }
}
