import { Check } from '../model/check.ts';
import type { Invariant } from './invariant.ts';

const FORBIDDEN = 'FORBIDDEN';

/** Every invariant a trial is judged by, in the order of their check numbers. */
export const invariants: readonly Invariant[] = [
  {
    check: Check.B1,
    id: 'B1',
    title: 'released under IO',
    origin: 'BUG_ON(extent_buffer_under_io(eb)), btrfs_release_extent_buffer_pages',
    grade: FORBIDDEN,
  },
  {
    check: Check.B2,
    id: 'B2',
    title: 'detached while dirty or in writeback',
    origin: 'BUG_ON(EXTENT_BUFFER_DIRTY / PageDirty / PageWriteback), btrfs_release_extent_buffer_pages',
    grade: FORBIDDEN,
  },
  {
    check: Check.B3,
    id: 'B3',
    title: 'put of a buffer without references',
    origin: 'WARN_ON(atomic_read(&eb->refs) == 0), release_extent_buffer',
    grade: FORBIDDEN,
  },
  {
    check: Check.B4,
    id: 'B4',
    title: 'private page without a buffer',
    origin: 'BUG_ON(!eb), try_release_extent_buffer; NULL dereference in end_bio_extent_readpage',
    grade: FORBIDDEN,
  },
  {
    check: Check.B5,
    id: 'B5',
    title: 'unused new buffer had other references',
    origin: 'WARN_ON(!atomic_dec_and_test(&eb->refs)), alloc_extent_buffer',
    grade: FORBIDDEN,
  },
  {
    check: Check.B6,
    id: 'B6',
    title: 'attached a dirty page',
    origin: 'WARN_ON(PageDirty(p)), alloc_extent_buffer',
    grade: FORBIDDEN,
  },
  {
    check: Check.B7,
    id: 'B7',
    title: 'attached over another buffer',
    origin: 'WARN_ON(page->private != (unsigned long)eb), attach_extent_buffer_page',
    grade: FORBIDDEN,
  },
  {
    check: Check.B10,
    id: 'B10',
    title: 'completion raised a dead buffer',
    origin: 'atomic_inc(&eb->refs) in btree_readpage_end_io_hook; refcount_t warns since 2025',
    grade: FORBIDDEN,
  },
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
    check: Check.Q1,
    id: 'Q1',
    title: 'wrong references at rest',
    origin: 'quiescence: refs == TREE_REF, io_pages as the reads in flight say',
    grade: FORBIDDEN,
  },
  {
    check: Check.Q2,
    id: 'Q2',
    title: 'wrong page references at rest',
    origin: 'quiescence: page refcount == cache + private + allocation; "Bad page state"',
    grade: FORBIDDEN,
  },
  {
    check: Check.Q3,
    id: 'Q3',
    title: 'unverified content up to date',
    origin: 'quiescence: UPTODATE only after a verified read',
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
  },
  {
    check: Check.Q4,
    id: 'Q4',
    title: 'failed read left its buffer cached',
    origin: 'quiescence: free_extent_buffer_stale behind a read that failed, read_tree_block',
    grade: FORBIDDEN,
  },
];

/** An invariant, or a check that a scenario of a user's has given a name. */
export type NamedCheck = Omit<Invariant, 'check'> & { readonly check: number };

/** What only scenarios of users have: outcomes that are FORBIDDEN, and their own checks, as soon as they are loaded. */
const ofScenarios: NamedCheck[] = [
  {
    check: Check.ForbiddenOutcome,
    id: 'OUTCOME',
    title: 'an outcome that is FORBIDDEN',
    origin: 'classify of the scenario',
    grade: FORBIDDEN,
  },
];

/** Gives the checks of a scenario that was loaded their names, in this thread. */
export function nameChecks(checks: readonly NamedCheck[]): void {
  ofScenarios.push(...checks);
}

/** All checks that have a name. */
export function namedChecks(): readonly NamedCheck[] {
  return [...invariants, ...ofScenarios];
}
