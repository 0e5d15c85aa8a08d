import type { FaultNumber } from './fault.ts';
import { type Address, type SlabObject, type FsInfo, type Page } from './layout.ts';

/**
 * The shared memory a model runs on. Each method is one step: one shared access of the kernel, or one entry into a
 * primitive that the kernel treats as indivisible here (a lock, the slab, RCU). The names are the kernel's. What each means
 * to engines, mutants and logs is a row of access.ts.
 *
 * On threads everything is sequentially consistent, as JavaScript's Atomics are. The explore engine can also search what weaker
 * processors do with the same accesses: see `Ordering`.
 *
 * Two implementations share the model: `AtomicsMemory` at full speed on real threads, and the explore engine's,
 * which suspends an actor before every step.
 */
export interface SharedMemory {
  /** `atomic_read`. */
  atomicRead(address: Address): number;
  /** `atomic_set`. */
  atomicSet(address: Address, value: number): void;
  /** `atomic_inc`. */
  atomicInc(address: Address): void;
  /** `atomic_fetch_inc`: the value before. */
  atomicFetchInc(address: Address): number;
  /** `atomic_dec`. */
  atomicDec(address: Address): void;
  /** `atomic_inc_not_zero`: whether the count was not zero and has been raised. */
  atomicIncNotZero(address: Address): boolean;
  /** `atomic_dec_and_test`: whether the count fell to zero. */
  atomicDecAndTest(address: Address): boolean;
  /** `atomic_sub_and_test`: whether the count fell to zero. */
  atomicSubAndTest(address: Address, value: number): boolean;
  /** `atomic_cmpxchg`: the value before; the exchange happened if it equals `expected`. */
  atomicCmpxchg(address: Address, expected: number, replacement: number): number;
  /** `atomic_add`. */
  atomicAdd(address: Address, value: number): void;
  /** `atomic_or`. */
  atomicOr(address: Address, mask: number): void;
  /** `atomic_andnot`: clears the bits of the mask. */
  atomicAndnot(address: Address, mask: number): void;
  /** `atomic_fetch_add`: the value before. */
  atomicFetchAdd(address: Address, value: number): number;
  /** `atomic_fetch_add_relaxed`: the value before. */
  atomicFetchAddRelaxed(address: Address, value: number): number;
  /** `atomic_fetch_add_acquire`: the value before. */
  atomicFetchAddAcquire(address: Address, value: number): number;
  /** `atomic_fetch_add_release`: the value before. */
  atomicFetchAddRelease(address: Address, value: number): number;
  /** `atomic_fetch_or`: the value before. */
  atomicFetchOr(address: Address, mask: number): number;
  /** `atomic_fetch_andnot`: the value before. */
  atomicFetchAndnot(address: Address, mask: number): number;
  /** `atomic_xchg`: the value before. */
  atomicXchg(address: Address, value: number): number;
  /** `atomic_xchg_relaxed`: the value before. */
  atomicXchgRelaxed(address: Address, value: number): number;
  /** `atomic_xchg_acquire`: the value before. */
  atomicXchgAcquire(address: Address, value: number): number;
  /** `atomic_xchg_release`: the value before. */
  atomicXchgRelease(address: Address, value: number): number;
  /** `atomic_cmpxchg_relaxed`: as `atomicCmpxchg`. */
  atomicCmpxchgRelaxed(address: Address, expected: number, replacement: number): number;
  /** `atomic_cmpxchg_acquire`: as `atomicCmpxchg`. */
  atomicCmpxchgAcquire(address: Address, expected: number, replacement: number): number;
  /** `atomic_cmpxchg_release`: as `atomicCmpxchg`. */
  atomicCmpxchgRelease(address: Address, expected: number, replacement: number): number;
  /** `atomic_add_unless`: whether the value was another than `unless`, and `value` has been added. */
  atomicAddUnless(address: Address, value: number, unless: number): boolean;
  /** `refcount_read`. */
  refcountRead(address: Address): number;
  /** `refcount_set`. */
  refcountSet(address: Address, value: number): void;
  /**
   * `refcount_inc`: the value before. The kernel's gives nothing, but warns where that was 0 or less. Nothing saturates here or below:
   * what a count must not be is for the caller to judge.
   */
  refcountInc(address: Address): number;
  /** `refcount_inc_not_zero`: whether the count was not zero and has been raised. */
  refcountIncNotZero(address: Address): boolean;
  /** `refcount_dec`: the value before. The kernel's gives nothing, but warns where that was 1 or less. */
  refcountDec(address: Address): number;
  /** `refcount_dec_and_test`: the value before. The kernel's gives whether that was 1, and warns where it was less. */
  refcountDecAndTest(address: Address): number;
  /** `test_bit`. */
  testBit(bit: number, address: Address): boolean;
  /** `set_bit`. */
  setBit(bit: number, address: Address): void;
  /** `clear_bit`. */
  clearBit(bit: number, address: Address): void;
  /** `clear_and_wake_up_bit`: clears the bit; who waits for it goes on. */
  clearAndWakeUpBit(bit: number, address: Address): void;
  /** `test_and_set_bit`: whether the bit was set before. */
  testAndSetBit(bit: number, address: Address): boolean;
  /** `test_and_clear_bit`: whether the bit was set before. */
  testAndClearBit(bit: number, address: Address): boolean;
  /** `wait_on_bit`, whatever it sleeps in meanwhile: returns at a moment when the bit is clear. */
  waitOnBit(bit: number, address: Address): void;
  /** `READ_ONCE`, or a plain load that the kernel makes under a lock. */
  readOnce(address: Address): number;
  /** `WRITE_ONCE`, or a plain store that the kernel makes under a lock. */
  writeOnce(address: Address, value: number): void;
  /** `smp_load_acquire`: what stands behind it stays there. */
  smpLoadAcquire(address: Address): number;
  /** `smp_store_release`: what stands before it is visible before it is. */
  smpStoreRelease(address: Address, value: number): void;

  /** `spin_lock`. Not recursive. */
  spinLock(lock: Address): void;
  /** `spin_unlock`. The caller holds it. */
  spinUnlock(lock: Address): void;
  /**
   * `down_read` of a sleeping read-write lock (`rw_semaphore`), which is one word: 0, the number of those who read under it, or
   * below 0 while somebody writes. No fairness is modelled: a reader passes writers that wait, and anybody may be the next, which is
   * more than the kernel's hand-off allows. The same actor may read under it twice, which lockdep warns of.
   */
  downRead(lock: Address): void;
  /** `up_read`. The caller reads under it. */
  upRead(lock: Address): void;
  /** `down_write`. Not recursive. */
  downWrite(lock: Address): void;
  /** `up_write`. The caller writes under it. */
  upWrite(lock: Address): void;
  /** `down_read_trylock`: whether it was taken, which it is unless somebody writes. */
  downReadTrylock(lock: Address): boolean;
  /** `down_write_trylock`: whether it was taken, which it is if nobody held it. */
  downWriteTrylock(lock: Address): boolean;
  /** `trylock_page`: whether PG_locked was taken. */
  trylockPage(page: Page): boolean;
  /** `lock_page`. */
  lockPage(page: Page): void;
  /** `unlock_page`. The page is locked, by whomever: a read's completion gives back what its submitter took. */
  unlockPage(page: Page): void;
  /** `wait_on_page_locked`: returns at a moment when PG_locked is clear. */
  waitOnPageLocked(page: Page): void;
  /** `wait_event`: returns the word as soon as it differs from `value`. */
  waitEvent(address: Address, value: number): number;
  /** `cpu_relax` in a retry loop: the caller makes no progress until another actor has changed something. */
  cpuRelax(): void;

  /** `smp_mb`: what stands before it is visible to all before anything behind it happens. */
  smpMb(): void;
  /** `smp_wmb`: stores before it are visible before those behind it. */
  smpWmb(): void;
  /** `smp_rmb`: loads before it happen before those behind it, which they do here anyway. */
  smpRmb(): void;
  /** `smp_mb__before_atomic`: with the read-modify-write behind it, as `smp_mb`. */
  smpMbBeforeAtomic(): void;
  /** `smp_mb__after_atomic`: with the read-modify-write before it, as `smp_mb`. */
  smpMbAfterAtomic(): void;

  /** `rcu_read_lock`. Sections nest. */
  rcuReadLock(): void;
  /** `rcu_read_unlock`. */
  rcuReadUnlock(): void;
  /**
   * `kmem_cache_zalloc(__GFP_NOFAIL)`: an extent_buffer with all fields zero. An object given to `callRcuFree` is
   * reused only while no actor is inside a read section: whoever may hold its address entered before it was given
   * away and has left since.
   */
  kmemCacheZalloc(fs: FsInfo): SlabObject;
  /** `kmem_cache_free`: frees and poisons at once. False if the object was not allocated: a double free. */
  kmemCacheFree(eb: SlabObject): boolean;
  /**
   * `call_rcu` with a callback that frees. False if the object was not allocated: a double free. From now on it is a use
   * after free to touch it, but for actors inside of a read section that they entered before: they find it as it was.
   */
  callRcuFree(eb: SlabObject): boolean;

  /** Stores a word that only checks read. Not a step: no actor's behavior depends on it. */
  writeGhost(address: Address, value: number): void;
  /** Notes the first violation of a trial in `oops`. Not a step. */
  recordOops(oops: Address, check: number): void;
  /** Called when a step does what no step may: see `Fault`. */
  onFault: (fault: FaultNumber) => void;
}
