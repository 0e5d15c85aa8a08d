import { Check as OfReads } from '../v5.7/check.ts';

/** What only buffers that are changed and written can break. */
const OF_CHANGES = { B8: 21, B9: 22, Q5: 23, Q6: 24, Q7: 25, Q8: 26 } as const;

/** The checks of v5.7/check.ts, and those of changed and written buffers. */
export const Check: typeof OF_CHANGES & typeof OfReads = { ...OF_CHANGES, ...OfReads };

/** The number of a check. */
export type CheckNumber = (typeof Check)[keyof typeof Check];
