import { Note } from '../v5.7/note.ts';

/** What is noted of buffers that are changed and written, behind the bits of `Note`: by scenarios, since the model's methods say it. */
const OF_CHANGES = {
  /** A buffer was made dirty. */
  Dirtied: 0x400000,
  /** A write was submitted, or completed. */
  Written: 0x800000,
  /** A write failed, or did not come to be submitted. */
  WriteFailed: 0x1000000,
  /** A block was deleted. */
  Deleted: 0x2000000,
  /** A read was refused, or what it had found was given up. */
  Refused: 0x4000000,
} as const;

/** Those of v5.7/note.ts, too. */
export const LifeNote: typeof OF_CHANGES & typeof Note = { ...Note, ...OF_CHANGES };
