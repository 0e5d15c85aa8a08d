import type { SharedMemory } from '../../memory/shared-memory.ts';

/** The functions of the dialect that are read, each by the accesses of `SharedMemory` that it is. */

/** One function. */
export interface LitmusCall {
  /** The place of its location among its arguments, or -1. */
  readonly locationAt: number;
  /** How many other arguments it has. */
  readonly values: number;
  /** Whether it gives a value. */
  readonly gives: boolean;
  /** Makes the accesses; `values` in the order of the arguments. Returns what it gives, truths as 0 and 1. */
  readonly perform: (memory: SharedMemory, address: number, values: readonly number[]) => number;
}

type Made = (memory: SharedMemory, address: number, one: number, two: number) => number | boolean | void;

function call(locationAt: number, values: number, gives: boolean, made: Made): LitmusCall {
  return {
    locationAt,
    values,
    gives,
    perform: (memory, address, [one = 0, two = 0]) => Number(made(memory, address, one, two) ?? 0) | 0,
  };
}

/** `f(x)`, `f(x, value)` and `f(x, value, value)`. */
const loading = (made: Made): LitmusCall => call(0, 0, true, made);
const storing = (made: Made): LitmusCall => call(0, 1, false, made);
const exchanging = (made: Made): LitmusCall => call(0, 1, true, made);
const comparing = (made: Made): LitmusCall => call(0, 2, true, made);
const changing = (made: Made): LitmusCall => call(0, 0, false, made);
/** `f(value, x)`. */
const changingBy = (made: Made): LitmusCall => call(1, 1, false, made);
const fetchingBy = (made: Made): LitmusCall => call(1, 1, true, made);
/** `f()`. */
const ordering = (made: Made): LitmusCall => call(-1, 0, false, made);

const ORDERS = ['', 'Relaxed', 'Acquire', 'Release'] as const;
type Order = (typeof ORDERS)[number];

/** The functions that have a variant of each ordering. */
function ordered(order: Order): Readonly<Record<string, LitmusCall>> {
  const suffix = order === '' ? '' : `_${order.toLowerCase()}`;
  const add = (memory: SharedMemory, address: number, value: number): number =>
    memory[`atomicFetchAdd${order}`](address, value);
  const exchange: Made = (memory, address, value) => memory[`atomicXchg${order}`](address, value);
  const compare: Made = (memory, address, expected, replacement) =>
    memory[`atomicCmpxchg${order}`](address, expected, replacement);
  return {
    [`atomic_fetch_add${suffix}`]: fetchingBy((memory, x, value) => add(memory, x, value)),
    [`atomic_fetch_sub${suffix}`]: fetchingBy((memory, x, value) => add(memory, x, -value | 0)),
    [`atomic_fetch_inc${suffix}`]: loading((memory, x) => add(memory, x, 1)),
    [`atomic_fetch_dec${suffix}`]: loading((memory, x) => add(memory, x, -1)),
    [`atomic_add_return${suffix}`]: fetchingBy((memory, x, value) => add(memory, x, value) + value),
    [`atomic_sub_return${suffix}`]: fetchingBy((memory, x, value) => add(memory, x, -value | 0) - value),
    [`atomic_inc_return${suffix}`]: loading((memory, x) => add(memory, x, 1) + 1),
    [`atomic_dec_return${suffix}`]: loading((memory, x) => add(memory, x, -1) - 1),
    [`atomic_xchg${suffix}`]: exchanging(exchange),
    [`xchg${suffix}`]: exchanging(exchange),
    [`atomic_cmpxchg${suffix}`]: comparing(compare),
    [`cmpxchg${suffix}`]: comparing(compare),
  };
}

const bits: Readonly<Record<string, LitmusCall>> = {
  test_bit: fetchingBy((memory, x, bit) => memory.testBit(bit, x)),
  set_bit: changingBy((memory, x, bit) => memory.setBit(bit, x)),
  clear_bit: changingBy((memory, x, bit) => memory.clearBit(bit, x)),
  test_and_set_bit: fetchingBy((memory, x, bit) => memory.testAndSetBit(bit, x)),
  test_and_clear_bit: fetchingBy((memory, x, bit) => memory.testAndClearBit(bit, x)),
};

/** By name. */
export const litmusCalls: ReadonlyMap<string, LitmusCall> = new Map(
  Object.entries({
    READ_ONCE: loading((memory, x) => memory.readOnce(x)),
    WRITE_ONCE: storing((memory, x, value) => memory.writeOnce(x, value)),
    smp_load_acquire: loading((memory, x) => memory.smpLoadAcquire(x)),
    smp_store_release: storing((memory, x, value) => memory.smpStoreRelease(x, value)),
    atomic_read: loading((memory, x) => memory.atomicRead(x)),
    atomic_read_acquire: loading((memory, x) => memory.smpLoadAcquire(x)),
    atomic_set: storing((memory, x, value) => memory.atomicSet(x, value)),
    atomic_set_release: storing((memory, x, value) => memory.smpStoreRelease(x, value)),
    atomic_inc: changing((memory, x) => memory.atomicInc(x)),
    atomic_dec: changing((memory, x) => memory.atomicDec(x)),
    atomic_add: changingBy((memory, x, value) => memory.atomicAdd(x, value)),
    atomic_sub: changingBy((memory, x, value) => memory.atomicAdd(x, -value | 0)),
    atomic_or: changingBy((memory, x, mask) => memory.atomicOr(x, mask)),
    atomic_and: changingBy((memory, x, mask) => memory.atomicAndnot(x, ~mask)),
    atomic_andnot: changingBy((memory, x, mask) => memory.atomicAndnot(x, mask)),
    atomic_fetch_or: fetchingBy((memory, x, mask) => memory.atomicFetchOr(x, mask)),
    atomic_fetch_and: fetchingBy((memory, x, mask) => memory.atomicFetchAndnot(x, ~mask)),
    atomic_fetch_andnot: fetchingBy((memory, x, mask) => memory.atomicFetchAndnot(x, mask)),
    ...ordered(''),
    ...ordered('Relaxed'),
    ...ordered('Acquire'),
    ...ordered('Release'),
    atomic_add_unless: comparing((memory, x, value, unless) => memory.atomicAddUnless(x, value, unless)),
    atomic_inc_not_zero: loading((memory, x) => memory.atomicIncNotZero(x)),
    atomic_dec_and_test: loading((memory, x) => memory.atomicDecAndTest(x)),
    atomic_sub_and_test: fetchingBy((memory, x, value) => memory.atomicSubAndTest(x, value)),
    atomic_inc_and_test: loading((memory, x) => memory.atomicFetchAdd(x, 1) === -1),
    ...bits,
    spin_lock: changing((memory, x) => memory.spinLock(x)),
    spin_unlock: changing((memory, x) => memory.spinUnlock(x)),
    smp_mb: ordering((memory) => memory.smpMb()),
    smp_wmb: ordering((memory) => memory.smpWmb()),
    smp_rmb: ordering((memory) => memory.smpRmb()),
    smp_mb__before_atomic: ordering((memory) => memory.smpMbBeforeAtomic()),
    smp_mb__after_atomic: ordering((memory) => memory.smpMbAfterAtomic()),
    rcu_read_lock: ordering((memory) => memory.rcuReadLock()),
    rcu_read_unlock: ordering((memory) => memory.rcuReadUnlock()),
  }),
);
