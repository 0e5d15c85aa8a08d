import { type AtomicsMemory, atomicsMemory } from '../../src/memory/atomics-memory.ts';
import type { ActorMemory } from '../../src/memory/actor-memory.ts';
import { ACTOR_RCU, actorLine } from '../../src/memory/control.ts';
import {
  type Address,
  bufferAt,
  type ExtentBuffer,
  EB_SLAB,
  type FsInfo,
  type Page,
  PAGE_FLAGS,
  SLAB_FREE,
  SLAB_RCU_PENDING,
} from '../../src/memory/layout.ts';
import { PG_LOCKED } from '../../src/memory/page-flags.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import type { WordNames } from './word-names.ts';

/** One call of a memory method: what it is called in a trace, what it does, and when it would have to wait. */
export interface Step<Result> {
  readonly name: string;
  readonly take: () => Result;
  /** How the result reads behind the name; nothing if it has none. */
  readonly show?: (result: Result) => string;
  readonly isBlocked?: () => boolean;
}

/**
 * `AtomicsMemory` of one actor, every step of which leaves a line in `trace`. It never waits: a step that would is
 * first announced to `onBlocked`, which may act for other actors, and throws if that did not help. A test on one
 * thread ends with the name of the lock instead of hanging.
 */
export class TracingMemory implements SharedMemory {
  onFault: SharedMemory['onFault'] = () => {};
  /** The steps taken, oldest first. */
  readonly trace: string[] = [];
  /** Acts for the other actors when a step cannot be taken yet. */
  onBlocked: (step: string) => void = () => {};
  protected readonly inner: AtomicsMemory;
  protected readonly names: WordNames;
  readonly #place: ActorMemory;
  /** All words at the moment when a retry loop began to wait for somebody to change one. */
  #relaxedAt: Int32Array | undefined;

  constructor(place: ActorMemory, names: WordNames) {
    this.inner = atomicsMemory(place);
    this.inner.onFault = (fault) => this.onFault(fault);
    this.names = names;
    this.#place = place;
  }

  atomicRead(address: Address): number {
    return this.#load(address, () => this.inner.atomicRead(address));
  }

  atomicSet(address: Address, value: number): void {
    this.#store(address, value, () => this.inner.atomicSet(address, value));
  }

  atomicInc(address: Address): void {
    this.step({ name: `rmw inc ${this.names.word(address)}`, take: () => this.inner.atomicInc(address) });
  }

  atomicFetchInc(address: Address): number {
    const name = `rmw fetch_inc ${this.names.word(address)}`;
    return this.step({ name, take: () => this.inner.atomicFetchInc(address), show: String });
  }

  atomicDec(address: Address): void {
    this.step({ name: `rmw dec ${this.names.word(address)}`, take: () => this.inner.atomicDec(address) });
  }

  atomicIncNotZero(address: Address): boolean {
    const name = `rmw inc_not_zero ${this.names.word(address)}`;
    return this.step({ name, take: () => this.inner.atomicIncNotZero(address), show: String });
  }

  atomicDecAndTest(address: Address): boolean {
    const name = `rmw dec_and_test ${this.names.word(address)}`;
    return this.step({ name, take: () => this.inner.atomicDecAndTest(address), show: String });
  }

  atomicCmpxchg(address: Address, expected: number, replacement: number): number {
    return this.step({
      name: `rmw cmpxchg ${this.names.word(address)} ${expected} to ${replacement}`,
      take: () => this.inner.atomicCmpxchg(address, expected, replacement),
      show: String,
    });
  }

  testBit(bit: number, address: Address): boolean {
    const name = `r ${this.names.bit(bit, address)}`;
    return this.step({ name, take: () => this.inner.testBit(bit, address), show: String });
  }

  setBit(bit: number, address: Address): void {
    this.step({
      name: `rmw set ${this.names.bit(bit, address)}`,
      take: () => this.inner.setBit(bit, address),
    });
  }

  clearBit(bit: number, address: Address): void {
    this.step({
      name: `rmw clear ${this.names.bit(bit, address)}`,
      take: () => this.inner.clearBit(bit, address),
    });
  }

  testAndSetBit(bit: number, address: Address): boolean {
    const name = `rmw test_and_set ${this.names.bit(bit, address)}`;
    return this.step({ name, take: () => this.inner.testAndSetBit(bit, address), show: String });
  }

  testAndClearBit(bit: number, address: Address): boolean {
    const name = `rmw test_and_clear ${this.names.bit(bit, address)}`;
    return this.step({ name, take: () => this.inner.testAndClearBit(bit, address), show: String });
  }

  readOnce(address: Address): number {
    return this.#load(address, () => this.inner.readOnce(address));
  }

  writeOnce(address: Address, value: number): void {
    this.#store(address, value, () => this.inner.writeOnce(address, value));
  }

  spinLock(lock: Address): void {
    this.step({
      name: `L(${this.names.word(lock)})`,
      take: () => this.inner.spinLock(lock),
      isBlocked: () => this.#place.words[lock] !== 0,
    });
  }

  spinUnlock(lock: Address): void {
    this.step({ name: `U(${this.names.word(lock)})`, take: () => this.inner.spinUnlock(lock) });
  }

  trylockPage(page: Page): boolean {
    const name = `trylock ${this.names.structure(page)}`;
    return this.step({ name, take: () => this.inner.trylockPage(page), show: String });
  }

  lockPage(page: Page): void {
    this.step({
      name: `lock ${this.names.structure(page)}`,
      take: () => this.inner.lockPage(page),
      isBlocked: () => this.#isLocked(page),
    });
  }

  unlockPage(page: Page): void {
    this.step({ name: `unlock ${this.names.structure(page)}`, take: () => this.inner.unlockPage(page) });
  }

  waitOnPageLocked(page: Page): void {
    this.step({
      name: `wait ${this.names.structure(page)}`,
      take: () => this.inner.waitOnPageLocked(page),
      isBlocked: () => this.#isLocked(page),
    });
  }

  waitEvent(address: Address, value: number): number {
    return this.step({
      name: `wait_event ${this.names.word(address)} != ${value}`,
      take: () => this.inner.waitEvent(address, value),
      show: String,
      isBlocked: () => this.#place.words[address] === value,
    });
  }

  cpuRelax(): void {
    this.step({
      name: 'cpu_relax',
      take: () => {
        this.#relaxedAt = undefined;
      },
      isBlocked: () => this.#hasNothingChanged(),
    });
  }

  rcuReadLock(): void {
    this.step({ name: 'rcu_read_lock', take: () => this.inner.rcuReadLock() });
  }

  rcuReadUnlock(): void {
    this.step({ name: 'rcu_read_unlock', take: () => this.inner.rcuReadUnlock() });
  }

  kmemCacheZalloc(fs: FsInfo): ExtentBuffer {
    return this.step({
      name: 'slab alloc',
      take: () => this.inner.kmemCacheZalloc(fs),
      show: (eb) => this.names.structure(eb),
      isBlocked: () => !this.#hasFreeBuffer(fs),
    });
  }

  kmemCacheFree(eb: ExtentBuffer): boolean {
    const name = `slab free ${this.names.structure(eb)}`;
    return this.step({ name, take: () => this.inner.kmemCacheFree(eb), show: String });
  }

  callRcuFree(eb: ExtentBuffer): boolean {
    const name = `call_rcu ${this.names.structure(eb)}`;
    return this.step({ name, take: () => this.inner.callRcuFree(eb), show: String });
  }

  writeGhost(address: Address, value: number): void {
    this.inner.writeGhost(address, value);
  }

  recordOops(oops: Address, check: number): void {
    this.inner.recordOops(oops, check);
  }

  protected step<Result>(step: Step<Result>): Result {
    if (step.isBlocked?.() === true) {
      this.onBlocked(step.name);
      if (step.isBlocked()) throw new Error(`'${step.name}' would wait for ever`);
    }
    const result = step.take();
    this.leave(step, result);
    return result;
  }

  /** Writes a step's line. */
  protected leave<Result>(step: Step<Result>, result: Result): void {
    this.trace.push(step.show === undefined ? step.name : `${step.name} -> ${step.show(result)}`);
  }

  #load(address: Address, take: () => number): number {
    const show = (value: number): string => this.names.value(address, value);
    return this.step({ name: `r ${this.names.word(address)}`, take, show });
  }

  #store(address: Address, value: number, take: () => void): void {
    this.step({ name: `w ${this.names.word(address)} = ${this.names.value(address, value)}`, take });
  }

  #isLocked(page: Page): boolean {
    return ((this.#place.words[page + PAGE_FLAGS] ?? 0) & (1 << PG_LOCKED)) !== 0;
  }

  #hasFreeBuffer(fs: FsInfo): boolean {
    const { words, geometry, actorBase, actorCount } = this.#place;
    const isReading = Array.from({ length: actorCount }, (_, actor) => actorLine(actorBase, actor)).some(
      (line) => ((words[line + ACTOR_RCU] ?? 0) & 1) !== 0,
    );
    return Array.from({ length: geometry.buffers }, (_, index) => bufferAt(fs, geometry, index)).some(
      (eb) => {
        const state = words[eb + EB_SLAB];
        return state === SLAB_FREE || (state === SLAB_RCU_PENDING && !isReading);
      },
    );
  }

  #hasNothingChanged(): boolean {
    const { words } = this.#place;
    const before = this.#relaxedAt;
    this.#relaxedAt ??= words.slice();
    return before === undefined || before.every((word, address) => word === words[address]);
  }
}
