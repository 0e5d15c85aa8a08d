import { type ArmShare, roundLength } from '../plan/arm-share.ts';
import type { RunOptions } from '../plan/options.ts';
import { checkStarts, startLengths, type StartTimes } from '../plan/starts.ts';

/** How a run is divided into starts of its threads. */
export interface RunStarts {
  /** The lengths of its starts, in ms; Infinity where trials end them. */
  readonly lengths: readonly number[];
  /** How many starts the same run would have if it took so long, in ms. */
  readonly startsAt: (durationMs: number) => number;
}

/**
 * The starts of a run whose arms have these shares. `times` is what a start costs, if that is not as usual; `classes` are the
 * placements that its starts are to have, undefined where none are planned.
 * @throws {RangeError} If it is asked for more than fit.
 */
export function runStarts(
  { budget, until, starts }: Pick<RunOptions, 'budget' | 'until' | 'starts'>,
  shares: readonly ArmShare[],
  { times, classes = 1 }: { readonly times?: StartTimes; readonly classes?: number | undefined } = {},
): RunStarts {
  const shape = { shares, roundMs: roundLength(shares), times };
  if (starts !== undefined) checkStarts(starts, budget, shape);
  const lengthsOf = (durationMs: number): number[] =>
    startLengths(durationMs, { ...shape, starts, mayEnd: until === 'decided' });
  return {
    lengths:
      budget.kind === 'duration'
        ? lengthsOf(budget.ms)
        : Array.from({ length: starts ?? classes }, () => Infinity),
    startsAt: (durationMs) => lengthsOf(durationMs).length,
  };
}
