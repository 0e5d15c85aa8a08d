import { evenOffsets } from '../../stats/sweep.ts';

/** Offsets of the first look. */
const COARSE_POINTS = 61;

/** Those that the first look visits, in ns. */
export function coarseOffsets([low, high]: readonly [number, number]): readonly number[] {
  return evenOffsets({ low, high, count: COARSE_POINTS });
}
