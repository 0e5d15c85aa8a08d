import type { Address } from '../../memory/layout.ts';

/**
 * The steps of a model as data: which method of `SharedMemory`, on which word, with which operands. Steps are interned,
 * so that the search and the dependency tables work with small integers.
 */

/** What a step does: one entry per method of `SharedMemory`, and what only the explore engine knows. */
export const Kind = {
  /** The actor has finished. */
  Done: 0,
  AtomicRead: 1,
  AtomicSet: 2,
  AtomicInc: 3,
  AtomicFetchInc: 4,
  AtomicDec: 5,
  AtomicIncNotZero: 6,
  AtomicDecAndTest: 7,
  AtomicCmpxchg: 8,
  TestBit: 9,
  SetBit: 10,
  ClearBit: 11,
  TestAndSetBit: 12,
  TestAndClearBit: 13,
  ReadOnce: 14,
  WriteOnce: 15,
  SpinLock: 16,
  SpinUnlock: 17,
  TrylockPage: 18,
  LockPage: 19,
  UnlockPage: 20,
  WaitOnPageLocked: 21,
  WaitEvent: 22,
  CpuRelax: 23,
  RcuReadLock: 24,
  RcuReadUnlock: 25,
  KmemCacheZalloc: 26,
  KmemCacheFree: 27,
  CallRcuFree: 28,
  /** `readOnce` of the actor's own mailbox, which no other actor ever touches. */
  ReadOwn: 29,
  /** `writeOnce` to the actor's own mailbox. */
  WriteOwn: 30,
  /** How the device answers the bio: a free choice. */
  BioStatus: 31,
  /** `writeGhost`: not a step, but it counts where orders are compared. */
  Ghost: 32,
  /**
   * A step that no actor may take as it stands: its operand is the `Fault`, its replacement the kind. What makes it one is
   * known of the actor alone (what it holds, where the address lies), so that it violates whenever it is taken.
   */
  Fault: 33,
  /** Whether the bio of a page cannot be set up: a free choice. */
  SetupFails: 34,
} as const;

/** One of the kinds. */
export type StepKind = (typeof Kind)[keyof typeof Kind];

/** The kernel's name of each kind, by number. */
export const KIND_NAMES: readonly string[] = [
  'done',
  'atomic_read',
  'atomic_set',
  'atomic_inc',
  'atomic_fetch_inc',
  'atomic_dec',
  'atomic_inc_not_zero',
  'atomic_dec_and_test',
  'atomic_cmpxchg',
  'test_bit',
  'set_bit',
  'clear_bit',
  'test_and_set_bit',
  'test_and_clear_bit',
  'READ_ONCE',
  'WRITE_ONCE',
  'spin_lock',
  'spin_unlock',
  'trylock_page',
  'lock_page',
  'unlock_page',
  'wait_on_page_locked',
  'wait_event',
  'cpu_relax',
  'rcu_read_lock',
  'rcu_read_unlock',
  'kmem_cache_zalloc',
  'kmem_cache_free',
  'call_rcu',
  'READ_ONCE',
  'WRITE_ONCE',
  'bio_status',
  'ghost',
  'fault',
  'setup_fails',
];

/** One step. Page operations carry the address of the page's flags, slab operations that of the extent_buffer. */
export interface Step {
  readonly kind: StepKind;
  readonly address: Address;
  /** The bit, the value to store, the value to expect or to wait for; 0 if it has none. */
  readonly operand: number;
  /** The replacement of a cmpxchg, the kind of a fault; 0 otherwise. */
  readonly replacement: number;
  /** Whether it touches a buffer from inside of an RCU read section: such an access is right while the object waits for RCU. */
  readonly isInRcu?: boolean;
}

/** The kind of what a step is an attempt at: its own, or what a fault would have been. */
export function attemptedKind({ kind, replacement }: Step): StepKind {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `Kind.Fault`
  return kind === Kind.Fault ? (replacement as StepKind) : kind;
}

/** Every step that has turned up, each once; number 0 is `Done`. */
export class StepTable {
  readonly steps: Step[] = [];
  readonly #numbers = new Map<string, number>();

  constructor() {
    this.intern({ kind: Kind.Done, address: 0, operand: 0, replacement: 0 });
  }

  /** The number of a step. */
  intern(step: Step): number {
    const key = `${step.kind},${step.address},${step.operand},${step.replacement},${step.isInRcu === true}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.steps.push(step) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** The step with that number. */
  at(number: number): Step {
    const step = this.steps[number];
    if (step === undefined) throw new RangeError(`no step has the number ${number}`);
    return step;
  }
}
