import { Check } from './check.ts';

/** How an outcome is judged: seen and fine, seen and worth a look, or never to be seen. */
export type Grade = 'ACCEPTABLE' | 'INTERESTING' | 'FORBIDDEN';

/** One rule that the kernel keeps, and that a trial may break. */
export interface Invariant {
  /** The number in a world's FS_OOPS word. */
  readonly check: number;
  /** Short name in tables and JSON: kernel.md 1.19's where it has one. */
  readonly id: string;
  /** What is broken when it is counted, in a few words. */
  readonly title: string;
  /** Where the kernel checks it. */
  readonly origin: string;
  /** How a trial that breaks it is judged. */
  readonly grade: Grade;
  /** Whether it is judged in every trial, once all is quiet. @default false */
  readonly isAtRest?: true;
}

const FORBIDDEN = 'FORBIDDEN';

/** The invariants of every subject: what memory and locks tell by themselves. */
export const INVARIANTS_OF_ALL: readonly Invariant[] = [
  {
    check: Check.UseAfterFree,
    id: 'UAF',
    title: 'use after free',
    origin: 'KASAN, SLUB poison',
    grade: FORBIDDEN,
  },
  {
    check: Check.DoubleFree,
    id: 'DF',
    title: 'double free',
    origin: 'KASAN, SLUB consistency checks',
    grade: FORBIDDEN,
  },
  {
    check: Check.WildAccess,
    id: 'WILD',
    title: 'wild access',
    origin: 'KASAN wild-memory-access, general protection fault: a word of no structure',
    grade: FORBIDDEN,
  },
  {
    check: Check.BadUnlock,
    id: 'L1',
    title: 'unlock of what is not held',
    origin: 'lockdep, bad unlock balance; VM_BUG_ON_PAGE(!PageLocked(page)), unlock_page',
    grade: FORBIDDEN,
  },
  {
    check: Check.RcuImbalance,
    id: 'L2',
    title: 'unbalanced RCU read section',
    origin: 'lockdep, rcu_read_unlock without a lock or a section that is never left',
    grade: FORBIDDEN,
  },
  {
    check: Check.SleepInAtomic,
    id: 'L3',
    title: 'slept in atomic context',
    origin: 'might_sleep(), under a spin lock or inside of an RCU read section',
    grade: FORBIDDEN,
  },
  {
    check: Check.LockHeld,
    id: 'L4',
    title: 'lock still held at the end',
    origin: 'lockdep, lock held when returning to user space',
    grade: FORBIDDEN,
    isAtRest: true,
  },
];

/** What only scenarios of users have: an outcome that is FORBIDDEN although no other check is broken. */
export const FORBIDDEN_OUTCOME: Invariant = {
  check: Check.ForbiddenOutcome,
  id: 'OUTCOME',
  title: 'an outcome that is FORBIDDEN',
  origin: 'classify of the scenario',
  grade: FORBIDDEN,
};
