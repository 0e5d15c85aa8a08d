import { Check as OfEvery } from '../../../model/check.ts';

/** Those that only this subject's model can make: its BUG_ONs and WARN_ONs, and what must hold once all is quiet. */
const OF_MODEL = {
  B1: 1,
  B2: 2,
  B3: 3,
  B4: 4,
  B5: 5,
  B6: 6,
  B7: 7,
  B10: 8,
  Q1: 11,
  Q2: 12,
  Q3: 13,
  Q4: 19,
} as const;

/**
 * The checks a trial is judged by, as the numbers that stand in a world's FS_OOPS word: the kernel's BUG_ONs and
 * WARN_ONs, named B1 to B10 as in kernel.md 1.19, what must hold once all is quiet, and those of every subject. Their meaning,
 * origin and grade are in invariants.ts.
 */
export const Check: typeof OF_MODEL & typeof OfEvery = { ...OF_MODEL, ...OfEvery };

/** The number of a check. */
export type CheckNumber = (typeof Check)[keyof typeof Check];
