import { Fault } from '../memory/fault.ts';

/** Those that only a model can make: its BUG_ONs and WARN_ONs, and what must hold once all is quiet. */
const OF_MODEL = {
  B1: 1,
  B2: 2,
  B3: 3,
  B4: 4,
  B5: 5,
  B6: 6,
  B7: 7,
  B10: 8,
  DoubleFree: 10,
  Q1: 11,
  Q2: 12,
  Q3: 13,
  Q4: 19,
  ForbiddenOutcome: 20,
} as const;

/**
 * The checks a trial is judged by, as the numbers that stand in a world's FS_OOPS word: the kernel's BUG_ONs and
 * WARN_ONs, named B1 to B10 as in kernel.md 1.19, what memory and locks tell by themselves (`Fault`), and what must hold once
 * all is quiet. Their meaning, origin and grade are in src/invariant.
 */
export const Check: typeof OF_MODEL & typeof Fault = { ...OF_MODEL, ...Fault };

/** The number of a check. */
export type CheckNumber = (typeof Check)[keyof typeof Check];

/**
 * One more than the largest number that is counted. Those that `Check` does not name are free for checks of a plug-in's own:
 * `check 40`, say.
 */
export const CHECK_COUNT = 128;
