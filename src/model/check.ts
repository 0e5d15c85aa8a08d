/**
 * The checks a trial is judged by, as the numbers that stand in a world's FS_OOPS word: the kernel's BUG_ONs and
 * WARN_ONs, named B1 to B10 as in kernel.md 1.19, what the slab's poison shows, and what must hold once all is quiet.
 * Their meaning, origin and grade are in src/invariant.
 */
export const Check = {
  B1: 1,
  B2: 2,
  B3: 3,
  B4: 4,
  B5: 5,
  B6: 6,
  B7: 7,
  B10: 8,
  UseAfterFree: 9,
  DoubleFree: 10,
  Q1: 11,
  Q2: 12,
  Q3: 13,
} as const;

/** The number of a check. */
export type CheckNumber = (typeof Check)[keyof typeof Check];

/** One more than the largest check number. */
export const CHECK_COUNT = 14;
