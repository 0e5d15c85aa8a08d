/**
 * What an access is of.
 * - `none`: nothing.
 * - `section`: the RCU read section of its actor.
 * - `word`: a word, or a bit of it.
 * - `spin-lock`: a word that is a spin lock, which holds who has it.
 * - `rwsem`: a word that is a sleeping read-write lock, which holds how many read under it, or that somebody writes.
 * - `page-lock`: PG_locked of a page, whose address it takes.
 * - `slab`: the slab of a world, whose address it takes.
 * - `object`: an object of the slab as a whole.
 */
export type AccessTarget =
  'none' | 'section' | 'word' | 'spin-lock' | 'rwsem' | 'page-lock' | 'slab' | 'object';

/** Whether what is there stands in one word, whose address the access takes: a word, or a lock that is a word of its own. */
export function isOfWord(target: AccessTarget): target is 'word' | 'spin-lock' | 'rwsem' {
  return target === 'word' || target === 'spin-lock' || target === 'rwsem';
}

/**
 * The numbers that an access takes besides its address: none, the number of a bit, a value (to store, or to wait for the end of),
 * or what to expect and what to put in its place.
 */
type AccessOperands = 'none' | 'bit' | 'value' | 'exchange';

/** What an access gives back: nothing, whether something was so, a count or flags or a pointer, an object. */
type AccessResult = 'nothing' | 'truth' | 'number' | 'object';

/** When an access writes: whatever it finds, or only if it gives true, false, or the number that it expects. */
type AccessWrites = 'never' | 'always' | 'if-true' | 'if-false' | 'if-expected';

/**
 * What the Linux memory model promises of other accesses of the same processor: nothing, and the compiler may do as it likes
 * (`none`); nothing, but it is one access (`relaxed`); those behind it stay there (`acquire`); those before it do (`release`);
 * both (`full`); the stores, or the loads, on its two sides stay there (`write`, `read`). Under `sc` everything is in order whatever
 * the column says: it is for settings of another `Ordering`.
 */
type AccessOrdering = 'none' | 'relaxed' | 'acquire' | 'release' | 'full' | 'write' | 'read';

/** One method of `SharedMemory` as data: a row of the table of accesses. */
export interface AccessKind {
  /** The kernel's name. */
  readonly kernel: string;
  readonly target: AccessTarget;
  readonly operands: AccessOperands;
  /** Where it gives anything, that goes into a log: the rest of what an actor does follows from it. */
  readonly gives: AccessResult;
  /** Whether what it gives, or leaves in what it is of, depends on what was there. */
  readonly reads: boolean;
  readonly writes: AccessWrites;
  /** Whether it is one load and one store that nothing comes between; primitives that wait, and what ends the wait, are none. */
  readonly isReadModifyWrite: boolean;
  /** Whether all it does is to store to its word: such a store may wait in a buffer of its processor, and on x86 nothing else does. */
  readonly isPlainStore?: true;
  /** Whether it looks at its word first, and is no more than that load where it does not write. */
  readonly looksFirst?: true;
  /** Of a lock or read section: whether its actor has it afterwards (where it gives anything, if that is true), or no more. */
  readonly holds?: 'from-here' | 'no-more';
  /** Of a read-write lock: whether it is held together with others who read, or alone. */
  readonly mode?: 'read' | 'write';
  /** Whether it may sleep, so that no lock may be held around it but a page's. */
  readonly maySleep: boolean;
  /** Accesses of one place conflict unless both only read; those with the same text here and the same operand do not either. */
  readonly commutes?: string;
  /** Whether readers in an RCU read section do not notice it. */
  readonly sparesReaders?: true;
  /** From atomic_t.txt, atomic_bitops.txt, refcount-vs-atomic.rst and memory-barriers.txt of the kernel's documentation. */
  readonly ordering: AccessOrdering;
  /** Where it writes only under a condition: what it promises otherwise. @default the same */
  readonly orderingOtherwise?: AccessOrdering;
  /**
   * Of what may have to wait at a word, or at the flags of a page: whether it need not, as long as that holds this.
   * @default it never waits
   */
  readonly isReady?: (found: number, operand: number) => boolean;
  /**
   * Of a word, or the flags of a page: what it leaves there, once it need not wait any more. (What a spin lock holds is for each
   * memory to say, and below 0 what a read-write lock does.)
   * @default what was there
   */
  readonly leaves?: (found: number, operand: number, replacement: number) => number;
  /** The same: what it gives, truths as 0 and 1. @default 0 */
  readonly answer?: (found: number, operand: number, replacement: number) => number;
}

/** Whether an access is a barrier: nothing but the order of others. */
export function isBarrier({ target, ordering }: AccessKind): boolean {
  return target === 'none' && ordering !== 'none';
}
