import { type Address, type ExtentBuffer, type FsInfo, type Page, PAGE_FLAGS } from '../memory/layout.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import { BIO_STATUSES, type BioStatus } from '../model/extent-buffer-io.ts';
import type { ObservedMethod } from './observed-model.ts';
import { Kind, type Step, type StepKind } from './step.ts';

/** Thrown through the model at the first step that has no result yet. */
export const SUSPENDED: Error = new Error('suspended in front of a step');

/** One entry of an actor's log. */
export type LogEntry =
  /** A step, and what it returned. */
  | { readonly kind: 'step'; readonly value: number; readonly site: string }
  /** A call of a model method that has been entered and has not returned. */
  | { readonly kind: 'enter' }
  /** A call that has returned: what happened inside is forgotten. */
  | { readonly kind: 'return'; readonly value: unknown };

/** A store that only checks see. */
export interface GhostWrite {
  readonly address: Address;
  readonly value: number;
}

/** More steps than any operation of a sane model takes before it returns. */
const LOG_MAX = 20_000;

/** Frames above a memory method that a call site is looked for in: `#cutRounds`, `#next`, the method, the caller. */
const FRAMES = 4;

const ENTERED: LogEntry = { kind: 'enter' };

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
 */
export class SuspensionMemory implements SharedMemory {
  onPoison: () => void = () => {};
  pending: Step | undefined;
  /** The first violation in the stretch, or 0. */
  oops = 0;
  ghosts: GhostWrite[] = [];
  /** The methods that have been entered, outermost first, each with its arguments. */
  readonly stack: string[] = [];
  /** Where in a method without memory the pending step is called, or ''. */
  site = '';
  /** Called where the stretch begins. */
  onFresh: () => void = () => {};
  /** Called at a step without a result: what it is to return, or undefined to suspend. */
  onPending: () => number | undefined = () => undefined;
  log: LogEntry[] = [];
  #cursor = 0;
  #isSuspended = false;
  /** The methods that have been entered, and where each begins in the log. */
  readonly #open: { readonly method: ObservedMethod; readonly position: number }[] = [];
  readonly #cutsLogs: boolean;
  readonly #ownMailbox: Address;

  /** `ownMailbox`: a word that no other actor touches, or -1. */
  constructor(options: { readonly cutsLogs: boolean; readonly ownMailbox: Address }) {
    this.#cutsLogs = options.cutsLogs;
    this.#ownMailbox = options.ownMailbox;
    // A method of a plug-in's own in front of one of these would be judged in place of the kernel's.
    Object.preventExtensions(this);
  }

  /** Gets ready to repeat a log. */
  rewind(log: LogEntry[]): void {
    this.log = log;
    this.#cursor = 0;
    this.#isSuspended = false;
    this.pending = undefined;
    this.stack.length = 0;
    this.#open.length = 0;
    this.site = '';
    this.#beginStretch();
  }

  /** Begins the next operation: its log is empty, the stretch goes on. */
  beginOperation(): void {
    this.log = [];
    this.#cursor = 0;
    this.stack.length = 0;
    this.#open.length = 0;
  }

  /** Runs the body of a call, unless the log knows what it returned. */
  call(method: ObservedMethod, args: readonly unknown[], body: () => unknown): unknown {
    const position = this.#cursor;
    if (this.#cutsLogs) {
      const entry = this.log[position];
      this.#cursor++;
      if (entry?.kind === 'return') return entry.value;
      if (entry === undefined) this.log.push(ENTERED);
    }
    this.stack.push(callText(method.name, args));
    this.#open.push({ method, position });
    const value = body();
    this.stack.pop();
    this.#open.pop();
    if (this.#cutsLogs && (value === null || (typeof value !== 'object' && typeof value !== 'function'))) {
      this.log.length = position;
      this.log.push({ kind: 'return', value });
      this.#cursor = position + 1;
    }
    return value;
  }

  bioStatus(): BioStatus {
    return BIO_STATUSES[this.#next(Kind.BioStatus, 0, 0, 0)] ?? 'ok';
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

  atomicFetchInc(address: Address): number {
    return this.#next(Kind.AtomicFetchInc, address, 0, 0);
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
    return address === this.#ownMailbox
      ? this.#next(Kind.ReadOwn, 0, 0, 0)
      : this.#next(Kind.ReadOnce, address, 0, 0);
  }

  writeOnce(address: Address, value: number): void {
    if (address === this.#ownMailbox) this.#next(Kind.WriteOwn, 0, value, 0);
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

  waitOnPageLocked(page: Page): void {
    this.#next(Kind.WaitOnPageLocked, page + PAGE_FLAGS, 0, 0);
  }

  waitEvent(address: Address, value: number): number {
    return this.#next(Kind.WaitEvent, address, value, 0);
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

  kmemCacheZalloc(fs: FsInfo): ExtentBuffer {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the machine returns the address of a slab object
    return this.#next(Kind.KmemCacheZalloc, fs, 0, 0) as ExtentBuffer;
  }

  kmemCacheFree(eb: ExtentBuffer): boolean {
    return this.#next(Kind.KmemCacheFree, eb, 0, 0) !== 0;
  }

  callRcuFree(eb: ExtentBuffer): boolean {
    return this.#next(Kind.CallRcuFree, eb, 0, 0) !== 0;
  }

  writeGhost(address: Address, value: number): void {
    this.ghosts.push({ address, value });
  }

  recordOops(_oops: Address, check: number): void {
    if (this.oops === 0) this.oops = check;
  }

  #next(kind: StepKind, address: Address, operand: number, replacement: number): number {
    // A `finally` of the model may come here while it is being unwound.
    if (this.#isSuspended) throw SUSPENDED;
    const entry = this.log[this.#cursor];
    if (entry === undefined) {
      if (this.log.length > LOG_MAX) throw new Error(`an operation took more than ${LOG_MAX} steps`);
      this.pending = { kind, address, operand, replacement };
      this.#cutRounds();
      const value = this.onPending();
      if (value === undefined) {
        this.#isSuspended = true;
        throw SUSPENDED;
      }
      this.log.push({ kind: 'step', value, site: this.site });
      this.#cursor = this.log.length;
      this.pending = undefined;
      this.site = '';
      this.#beginStretch();
      return value;
    }
    if (entry.kind !== 'step') throw new Error('the model took another way when it was repeated');
    this.#cursor++;
    if (this.#cursor === this.log.length) this.#beginStretch();
    return entry.value;
  }

  /**
   * Cuts the finished rounds of a loop from the log. In a method without memory, a step that is called from where one
   * was called before begins a new round: nothing that was read in the rounds before can be known any more, since it was
   * read into constants of theirs. (The first place to be met again is the first of its loop: what leads to it depends
   * on constants from before the loop only, so that it led to the same place in the round before.)
   */
  #cutRounds(): void {
    const frame = this.#open.at(-1);
    if (!this.#cutsLogs || frame?.method.isMemoryless !== true) return;
    const first = frame.position + 1;
    // A call inside a round may be the first of it, and has no place.
    if (this.log.slice(first).some(({ kind }) => kind !== 'step')) return;
    this.site = callSite(frame.method.name);
    if (this.site === '') return;
    const round = this.log.findIndex(
      (entry, index) => index >= first && entry.kind === 'step' && entry.site === this.site,
    );
    if (round >= 0) this.log.length = round;
  }

  #beginStretch(): void {
    this.oops = 0;
    this.ghosts = [];
    this.onFresh();
  }
}

/** A call with its arguments: as a join of them would be, without the array. */
function callText(name: string, args: readonly unknown[]): string {
  let text = `${name}(`;
  for (let index = 0; index < args.length; index++)
    text += index === 0 ? String(args[index]) : `,${String(args[index])}`;
  return `${text})`;
}

/** Where `caller` called the memory method that is running, or '' if something stands between them. */
function callSite(caller: string): string {
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was, never called from here
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_error, sites): string => {
      const site = sites[FRAMES - 1];
      if (site?.getFunctionName() !== caller) return '';
      return `${site.getLineNumber()}:${site.getColumnNumber()}`;
    };
    Error.captureStackTrace(holder, callSite);
    return typeof holder.stack === 'string' ? holder.stack : '';
  } finally {
    Object.assign(Error, { prepareStackTrace });
    Error.stackTraceLimit = stackTraceLimit;
  }
}
