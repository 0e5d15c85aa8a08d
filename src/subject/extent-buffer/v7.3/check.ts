import { Check as OfEvery } from '../../../model/check.ts';

/** Those that only this generation's model can make; the names are those of kernel-7.3.md, section 3. */
const OF_MODEL = {
  N1: 1,
  N2: 2,
  N3: 3,
  N4: 4,
  N5: 5,
  N6: 6,
  N7: 7,
  N8: 8,
  N9: 11,
  N10: 12,
  N11: 13,
  N12: 19,
  N13: 21,
  N14: 22,
  P1: 23,
  P2: 24,
  P3: 25,
  P4: 26,
  P5: 27,
  P6: 28,
  P8: 29,
  P9: 30,
  N15: 31,
} as const;

/** The checks a trial is judged by, as the numbers that stand in a world's FS_OOPS word. Their meaning is in invariants.ts. */
export const Check: typeof OF_MODEL & typeof OfEvery = { ...OF_MODEL, ...OfEvery };

/** The number of a check. */
export type CheckNumber = (typeof Check)[keyof typeof Check];
