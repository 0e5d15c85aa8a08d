import type { Address, ExtentBuffer, FsInfo, Page } from './layout.ts';
import type { SharedMemory } from './shared-memory.ts';

/** What the steps of an operation were. */
export interface StepCounts {
  /** Spin locks and page locks taken. */
  locks: number;
  /** Atomic read-modify-writes besides those of locks: reference counts and bits. */
  atomics: number;
  /** Steps of every kind, the above among them. */
  steps: number;
}

/** A memory that counts the steps that are taken through it. */
export class CountingMemory implements SharedMemory {
  readonly counts: StepCounts = { locks: 0, atomics: 0, steps: 0 };
  readonly #inner: SharedMemory;

  constructor(inner: SharedMemory) {
    this.#inner = inner;
  }

  get onFault(): SharedMemory['onFault'] {
    return this.#inner.onFault;
  }

  set onFault(listener: SharedMemory['onFault']) {
    this.#inner.onFault = listener;
  }

  atomicRead(address: Address): number {
    this.counts.steps++;
    return this.#inner.atomicRead(address);
  }

  atomicSet(address: Address, value: number): void {
    this.counts.steps++;
    this.#inner.atomicSet(address, value);
  }

  atomicInc(address: Address): void {
    this.#atomic();
    this.#inner.atomicInc(address);
  }

  atomicFetchInc(address: Address): number {
    this.#atomic();
    return this.#inner.atomicFetchInc(address);
  }

  atomicDec(address: Address): void {
    this.#atomic();
    this.#inner.atomicDec(address);
  }

  atomicIncNotZero(address: Address): boolean {
    this.#atomic();
    return this.#inner.atomicIncNotZero(address);
  }

  atomicDecAndTest(address: Address): boolean {
    this.#atomic();
    return this.#inner.atomicDecAndTest(address);
  }

  atomicCmpxchg(address: Address, expected: number, replacement: number): number {
    this.#atomic();
    return this.#inner.atomicCmpxchg(address, expected, replacement);
  }

  testBit(bit: number, address: Address): boolean {
    this.counts.steps++;
    return this.#inner.testBit(bit, address);
  }

  setBit(bit: number, address: Address): void {
    this.#atomic();
    this.#inner.setBit(bit, address);
  }

  clearBit(bit: number, address: Address): void {
    this.#atomic();
    this.#inner.clearBit(bit, address);
  }

  testAndSetBit(bit: number, address: Address): boolean {
    this.#atomic();
    return this.#inner.testAndSetBit(bit, address);
  }

  testAndClearBit(bit: number, address: Address): boolean {
    this.#atomic();
    return this.#inner.testAndClearBit(bit, address);
  }

  readOnce(address: Address): number {
    this.counts.steps++;
    return this.#inner.readOnce(address);
  }

  writeOnce(address: Address, value: number): void {
    this.counts.steps++;
    this.#inner.writeOnce(address, value);
  }

  spinLock(lock: Address): void {
    this.#lock();
    this.#inner.spinLock(lock);
  }

  spinUnlock(lock: Address): void {
    this.counts.steps++;
    this.#inner.spinUnlock(lock);
  }

  trylockPage(page: Page): boolean {
    this.#lock();
    return this.#inner.trylockPage(page);
  }

  lockPage(page: Page): void {
    this.#lock();
    this.#inner.lockPage(page);
  }

  unlockPage(page: Page): void {
    this.counts.steps++;
    this.#inner.unlockPage(page);
  }

  waitOnPageLocked(page: Page): void {
    this.counts.steps++;
    this.#inner.waitOnPageLocked(page);
  }

  waitEvent(address: Address, value: number): number {
    this.counts.steps++;
    return this.#inner.waitEvent(address, value);
  }

  cpuRelax(): void {
    this.counts.steps++;
    this.#inner.cpuRelax();
  }

  rcuReadLock(): void {
    this.counts.steps++;
    this.#inner.rcuReadLock();
  }

  rcuReadUnlock(): void {
    this.counts.steps++;
    this.#inner.rcuReadUnlock();
  }

  kmemCacheZalloc(fs: FsInfo): ExtentBuffer {
    this.counts.steps++;
    return this.#inner.kmemCacheZalloc(fs);
  }

  kmemCacheFree(eb: ExtentBuffer): boolean {
    this.counts.steps++;
    return this.#inner.kmemCacheFree(eb);
  }

  callRcuFree(eb: ExtentBuffer): boolean {
    this.counts.steps++;
    return this.#inner.callRcuFree(eb);
  }

  writeGhost(address: Address, value: number): void {
    this.#inner.writeGhost(address, value);
  }

  recordOops(oops: Address, check: number): void {
    this.#inner.recordOops(oops, check);
  }

  #atomic(): void {
    this.counts.steps++;
    this.counts.atomics++;
  }

  #lock(): void {
    this.counts.steps++;
    this.counts.locks++;
  }
}
