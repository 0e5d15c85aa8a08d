import { IMPURE } from '../../fix/plug-in/guards.ts';
import { type Access, accessKinds, accessNames } from '../../memory/access.ts';
import { accessNumbers } from '../../memory/access-numbers.ts';
import type { FaultNumber } from '../../memory/fault.ts';
import { type Address, LINE_WORDS, PAGE_FLAGS, type Page } from '../../memory/layout.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import { BIO_STATUSES, type BioStatus } from '../../model/block-layer.ts';
import { ActorLog, lengthUpTo } from './actor-log.ts';
import { callSite, callText, FRAMES_OF_CALL, FRAMES_OF_STEP, isStep, isThenable } from './model-calls.ts';
import type { ObservedMethod } from './observed-model.ts';
import { stepObjection } from './step-objection.ts';
import { Kind, type Step, type StepKind } from './step.ts';

/** Thrown through the model at the first step that has no result yet. */
export const SUSPENDED: Error = new Error('suspended in front of a step');

/** A store that only checks see. */
export interface GhostWrite {
  readonly address: Address;
  readonly value: number;
}

/** How a model is run. */
export interface SuspensionOptions {
  /** Whether returned calls are cut from the logs. */
  readonly cutsLogs: boolean;
  /** Whether the model may catch what is thrown through it: to watch for that costs a seventh of a short run. */
  readonly mayCatch: boolean;
  /** A word that no other actor touches, or -1. */
  readonly ownMailbox: Address;
  /** Words of one slab object. */
  readonly objectSize: number;
}

/** A call of a model method that has not returned. */
interface OpenCall {
  readonly method: ObservedMethod;
  readonly args: readonly unknown[];
  readonly position: number;
}

/** More steps than any operation of a sane model takes before it returns. */
const LOG_MAX = 20_000;

/**
 * How often code that goes on although it was suspended (it catches whatever is thrown) is stopped anew; then its steps return,
 * so that a loop around them ends.
 */
const STOPS_MAX = 1_000;

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the class makes the methods of the table that it does not write out
export interface SuspensionMemory extends SharedMemory {}

type Method = (this: SuspensionMemory, one: number, two: number, three: number) => unknown;

/**
 * Memory of one actor that repeats the results in its log, and throws `SUSPENDED` at the first step without one,
 * leaving it in `pending`. The model above is an ordinary function, run from the start of its operation each time.
 *
 * Cut logs: when a model method returns, all that its caller can know of the call is what it returned (methods keep
 * nothing in the model; see `LocalProgram`), so that the entries of the call are replaced by its result. Two histories
 * that differ only in what is forgotten have the same log.
 *
 * Effects that are not steps (notes, oops, ghosts) are reported for the stretch after the last entry of the log only:
 * earlier ones belong to earlier steps.
 *
 * A strategy may catch what is thrown through it, and go on. It is not there any more then, for all that counts: its step has
 * no result yet. So nothing that it does from there on has an effect, and it is stopped at its next step or call.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- see above
export class SuspensionMemory {
  // Methods of which most steps are made are written out below: V8 learns about each of them by itself.
  static {
    for (const access of accessNames) {
      if (Object.hasOwn(this.prototype, access)) continue;
      const value = this.#method(access);
      Object.defineProperty(this.prototype, access, { value, configurable: true, writable: true });
    }
  }

  onFault: (fault: FaultNumber) => void = () => {};
  pending: Step | undefined;
  /** The first violation in the stretch, or 0. */
  oops = 0;
  ghosts: GhostWrite[] = [];
  /** Where in a method without memory the pending step is called, or ''. */
  site = '';
  /** Called where the stretch begins. */
  onFresh: () => void = () => {};
  /** Called where the actor is suspended. */
  onSuspended: () => void = () => {};
  /** What is wrong with the strategy, once that has shown: what it threw may have been caught. */
  objection: string | undefined;
  /** Whether an operation is running: steps at other times are nobody's. */
  isRunning = false;
  /** Called at a step without a result: what it is to return, or undefined to suspend. */
  onPending: () => number | undefined = () => undefined;
  /** While the program is run with the number of a like actor: that one's mailbox; -1 otherwise. */
  peerMailbox: Address = -1;
  /** A word that no other actor touches, or -1. */
  readonly #ownMailbox: Address;
  /** The log of the operation, and how it grew: each with one entry more than the one before. */
  #empty: ActorLog = new ActorLog();
  #logs: ActorLog[] = [];
  #cursor = 0;
  #isSuspended = false;
  #stops = 0;
  /** The methods that have been entered, outermost first, and where each begins in the log. */
  readonly #open: OpenCall[] = [];
  readonly #cutsLogs: boolean;
  /** Lines of an object behind its first: what a free touches. */
  readonly #furtherLines: number;
  readonly #mayCatch: boolean;

  constructor({ cutsLogs, mayCatch, ownMailbox, objectSize }: SuspensionOptions) {
    this.#furtherLines = objectSize / LINE_WORDS - 1;
    this.#cutsLogs = cutsLogs;
    this.#mayCatch = mayCatch;
    this.#ownMailbox = ownMailbox;
    // A method of a plug-in's own in front of one of these would be judged in place of the kernel's.
    Object.preventExtensions(this);
  }

  /** Gets ready to repeat a log. */
  rewind(log: ActorLog): void {
    this.beginOperation(log.empty);
    this.#logs = log.prefixes();
    this.#isSuspended = false;
    this.#stops = 0;
    this.objection = undefined;
    this.pending = undefined;
    this.site = '';
    this.#beginStretch();
  }

  /** What has happened in the operation, without what is forgotten of it. */
  get log(): ActorLog {
    return this.#logs.at(-1) ?? this.#empty;
  }

  /** Whether the actor stands in front of a step without a result. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** The methods that have been entered, outermost first, each with its arguments. */
  get stack(): string[] {
    return this.#open.map(({ method, args }) => callText(method.name, args));
  }

  /** Begins the next operation: its log is empty, the stretch goes on. */
  beginOperation(empty: ActorLog): void {
    this.#empty = empty;
    this.#logs = [];
    this.#cursor = 0;
    this.#open.length = 0;
  }

  /** Runs the body of a call, unless the log knows what it returned. */
  call(method: ObservedMethod, args: readonly unknown[], body: () => unknown): unknown {
    if (this.#isSuspended) return this.#stop();
    let position = this.#cursor;
    let site = '';
    if (this.#cutsLogs) {
      const entry = this.#logs[position]?.last;
      if (entry === undefined) {
        site = this.#cutRounds(FRAMES_OF_CALL);
        position = this.#logs.length;
        this.#logs.push(this.log.withCall(method, site));
      } else if (entry.kind === 'step' || entry.method !== method) this.#refuse(IMPURE);
      else ({ site } = entry);
      this.#cursor = position + 1;
      if (entry?.kind === 'return') return entry.value;
    }
    const depth = this.#open.length;
    this.#open.push({ method, args, position });
    const value = this.#mayCatch ? this.#watched(body, depth) : body();
    if (this.#isSuspended) return this.#stop();
    this.#leave(depth);
    if (isThenable(value))
      this.#refuse(`${method.name} returns a promise: a method of the model is done when it returns`);
    if (this.#cutsLogs && (value === null || (typeof value !== 'object' && typeof value !== 'function'))) {
      this.#logs.length = position;
      this.#logs.push(this.log.withReturn(method, value, site));
      this.#cursor = position + 1;
    }
    return value;
  }

  /** The method of an access: a step of its number. */
  static #method(access: Access): Method {
    const { target, operands, gives } = accessKinds[access];
    const kind = accessNumbers[access];
    const offset = target === 'page-lock' ? PAGE_FLAGS : 0;
    const isOfBit = operands === 'bit';
    const hasAddress = target !== 'none' && target !== 'section';
    return function stepping(one, two, three) {
      const address = hasAddress ? (isOfBit ? two : one) + offset : 0;
      const ofFree = target === 'object' ? this.#furtherLines : 0;
      const operand = operands === 'value' || operands === 'exchange' ? two : ofFree;
      const result = this.#next(kind, address, isOfBit ? one : operand, operands === 'exchange' ? three : 0);
      if (gives === 'nothing') return undefined;
      return gives === 'truth' ? result !== 0 : result;
    };
  }

  bioStatus(): BioStatus {
    return BIO_STATUSES[this.#next(Kind.BioStatus, 0, 0, 0)] ?? 'ok';
  }

  setupFails(): boolean {
    return this.#next(Kind.SetupFails, 0, 0, 0) !== 0;
  }

  atomicRead(address: Address): number {
    return this.#next(Kind.AtomicRead, address, 0, 0);
  }

  atomicSet(address: Address, value: number): void {
    this.#next(Kind.AtomicSet, address, value, 0);
  }

  atomicInc(address: Address): void {
    this.#next(Kind.AtomicInc, address, 0, 0);
  }

  atomicDec(address: Address): void {
    this.#next(Kind.AtomicDec, address, 0, 0);
  }

  atomicIncNotZero(address: Address): boolean {
    return this.#next(Kind.AtomicIncNotZero, address, 0, 0) !== 0;
  }

  atomicDecAndTest(address: Address): boolean {
    return this.#next(Kind.AtomicDecAndTest, address, 0, 0) !== 0;
  }

  atomicCmpxchg(address: Address, expected: number, replacement: number): number {
    return this.#next(Kind.AtomicCmpxchg, address, expected, replacement);
  }

  testBit(bit: number, address: Address): boolean {
    return this.#next(Kind.TestBit, address, bit, 0) !== 0;
  }

  setBit(bit: number, address: Address): void {
    this.#next(Kind.SetBit, address, bit, 0);
  }

  clearBit(bit: number, address: Address): void {
    this.#next(Kind.ClearBit, address, bit, 0);
  }

  testAndSetBit(bit: number, address: Address): boolean {
    return this.#next(Kind.TestAndSetBit, address, bit, 0) !== 0;
  }

  testAndClearBit(bit: number, address: Address): boolean {
    return this.#next(Kind.TestAndClearBit, address, bit, 0) !== 0;
  }

  readOnce(address: Address): number {
    return this.#isOwn(address)
      ? this.#next(Kind.ReadOwn, 0, 0, 0)
      : this.#next(Kind.ReadOnce, address, 0, 0);
  }

  writeOnce(address: Address, value: number): void {
    if (this.#isOwn(address)) this.#next(Kind.WriteOwn, 0, value, 0);
    else this.#next(Kind.WriteOnce, address, value, 0);
  }

  spinLock(lock: Address): void {
    this.#next(Kind.SpinLock, lock, 0, 0);
  }

  spinUnlock(lock: Address): void {
    this.#next(Kind.SpinUnlock, lock, 0, 0);
  }

  trylockPage(page: Page): boolean {
    return this.#next(Kind.TrylockPage, page + PAGE_FLAGS, 0, 0) !== 0;
  }

  lockPage(page: Page): void {
    this.#next(Kind.LockPage, page + PAGE_FLAGS, 0, 0);
  }

  unlockPage(page: Page): void {
    this.#next(Kind.UnlockPage, page + PAGE_FLAGS, 0, 0);
  }

  cpuRelax(): void {
    this.#next(Kind.CpuRelax, 0, 0, 0);
  }

  rcuReadLock(): void {
    this.#next(Kind.RcuReadLock, 0, 0, 0);
  }

  rcuReadUnlock(): void {
    this.#next(Kind.RcuReadUnlock, 0, 0, 0);
  }

  writeGhost(address: Address, value: number): void {
    if (!this.#isSuspended) this.ghosts.push({ address, value });
  }

  recordOops(_oops: Address, check: number): void {
    if (!this.#isSuspended && this.oops === 0) this.oops = check;
  }

  #next(kind: StepKind, address: Address, operand: number, replacement: number): number {
    if (!this.isRunning)
      this.#refuse('takes a step while no operation runs: a promise, a timer, or a memory that it has kept');
    if (this.#isSuspended) return this.#stop();
    const entry = this.#logs[this.#cursor]?.last;
    if (entry === undefined) {
      if (this.#logs.length > LOG_MAX) throw new Error(`an operation took more than ${LOG_MAX} steps`);
      const step = { kind, address, operand, replacement };
      const objection = stepObjection(step);
      if (objection !== undefined) this.#refuse(objection);
      this.pending = step;
      this.site = this.#cutRounds(FRAMES_OF_STEP);
      const value = this.onPending();
      if (value === undefined) {
        this.#isSuspended = true;
        this.onSuspended();
        throw SUSPENDED;
      }
      this.#logs.push(this.log.withStep(step, value, this.site));
      this.#cursor = this.#logs.length;
      this.pending = undefined;
      this.site = '';
      this.#beginStretch();
      return value;
    }
    if (entry.kind !== 'step' || !isStep(entry.step, kind, address, operand, replacement)) {
      this.#refuse(IMPURE);
    }
    this.#cursor++;
    if (this.#cursor === this.#logs.length) this.#beginStretch();
    return entry.value;
  }

  #isOwn(address: Address): boolean {
    return address === this.#ownMailbox || address === this.peerMailbox;
  }

  /** Ends what goes on although its actor is suspended. */
  #stop(): number {
    this.#stops++;
    if (this.#stops > STOPS_MAX) return 0;
    throw SUSPENDED;
  }

  /** What a strategy may catch is put down as well. */
  #refuse(objection: string): never {
    this.objection ??= objection;
    throw new Error(objection);
  }

  /** The stack is to show where the actor stands. What a strategy throws itself leaves its methods for good. */
  #watched(body: () => unknown, depth: number): unknown {
    try {
      return body();
    } catch (error) {
      if (!this.#isSuspended) this.#leave(depth);
      throw error;
    }
  }

  #leave(depth: number): void {
    this.#open.length = depth;
  }

  /**
   * Cuts the finished rounds of a loop from the log. In a method without memory, a step or a call at a place where one was made before
   * begins a new round: nothing that was read in the rounds before can be known any more, since it was read into constants of
   * theirs. (The first place to be met again is the first of its loop: what leads to it depends on constants from before the loop only,
   * so that it led to the same place in the round before.) Returns the place, or ''.
   */
  #cutRounds(frames: number): string {
    const frame = this.#open.at(-1);
    if (!this.#cutsLogs || frame?.method.isMemoryless !== true) return '';
    const site = callSite(frame.method.name, frames);
    if (site === '') return '';
    this.#logs.length = lengthUpTo(this.#logs, frame.position + 1, site);
    return site;
  }

  #beginStretch(): void {
    this.oops = 0;
    this.ghosts = [];
    this.onFresh();
  }
}
