import { Fault } from '../memory/fault.ts';

/**
 * The checks that the trials of every subject are judged by, as the numbers that stand in a world's FS_OOPS word: what memory and
 * locks tell by themselves (`Fault`), an object that is freed twice, and an outcome that is FORBIDDEN. A subject has others of its
 * own, and so may scenarios and strategies. Their meaning, origin and grade are in invariant.ts.
 */
export const Check: { readonly DoubleFree: 10; readonly ForbiddenOutcome: 20 } & typeof Fault = {
  DoubleFree: 10,
  ForbiddenOutcome: 20,
  ...Fault,
};

/**
 * One more than the largest number that is counted. Those that neither `Check` nor the subject names are free for checks of a
 * plug-in's own: `check 40`, say.
 */
export const CHECK_COUNT = 128;
