/**
 * What a step may do wrong whatever model takes it: rules of memory and of locks, which the kernel has KASAN, lockdep and
 * might_sleep() for. Numbers among those of the checks (src/model/check.ts), which are what stands in a world's FS_OOPS.
 */
export const Fault = {
  /** An access to a freed object, but for readers inside of an RCU section that they entered before it was given away. */
  UseAfterFree: 9,
  /** An access outside of the structures: through NULL, to padding, or of a kind that the place is not made for. */
  WildAccess: 14,
  /** A lock is given back that its actor does not hold, or a page that is not locked. */
  BadUnlock: 15,
  /** An RCU read section is left that was not entered, or never left. */
  RcuImbalance: 16,
  /** A step that may sleep, with a spin lock held or inside of an RCU read section. */
  SleepInAtomic: 17,
  /** An actor's program ends, and it still holds a lock. */
  LockHeld: 18,
} as const;

/** The number of a fault. */
export type FaultNumber = (typeof Fault)[keyof typeof Fault];
