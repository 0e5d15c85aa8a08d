/** What a replay shows of the buffers in use beside its steps. */
import type { SlabObject } from '../memory/layout.ts';

/** One value of every buffer in use. */
export interface ReplayColumn {
  /** What stands before a number, or for a bit that is set. */
  readonly label: string;
  /** Words behind the start of the extent_buffer. */
  readonly word: number;
  /** Number of a bit of that word; without it the whole word is a number. */
  readonly bit?: number;
  /** Its name in results. @default the label */
  readonly field?: string;
}

/** Values by field. */
export type ReplayValues = Readonly<Record<string, number | boolean>>;

/** The values of a buffer. */
export function replayValues(
  columns: readonly ReplayColumn[],
  words: Int32Array,
  eb: SlabObject,
): ReplayValues {
  const valueOf = ({ word, bit }: ReplayColumn): number | boolean => {
    const value = words[eb + word] ?? 0;
    return bit === undefined ? value : (value & (1 << bit)) !== 0;
  };
  return Object.fromEntries(columns.map((column) => [column.field ?? column.label, valueOf(column)]));
}
