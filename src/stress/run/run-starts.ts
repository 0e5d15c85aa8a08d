import { type ArmShare, roundLength } from '../plan/arm-share.ts';
import type { RunOptions } from '../plan/options.ts';
import { checkStarts, startLengths, type StartTimes } from '../plan/starts.ts';
import type { PlacementPlan } from '../topology/placement-plan.ts';

/** How a run is divided into starts of its threads. */
export interface RunStarts {
  /** The lengths of its starts, in ms; Infinity where trials end them. */
  readonly lengths: readonly number[];
  /** How many starts the same run would have if it took so long, in ms. */
  readonly startsAt: (durationMs: number) => number;
}

/**
 * The starts of a run whose arms have these shares. `times` is what a start costs, if that is not as usual.
 * @throws {RangeError} If it is asked for more than fit.
 */
export function runStarts(
  { budget, until, starts }: Pick<RunOptions, 'budget' | 'until' | 'starts'>,
  shares: readonly ArmShare[],
  { times, placement }: { readonly times?: StartTimes; readonly placement?: PlacementPlan | undefined } = {},
): RunStarts {
  const shape = { shares, roundMs: roundLength(shares), times };
  if (starts !== undefined) checkStarts(starts, budget, shape);
  const lengthsOf = (durationMs: number): number[] =>
    startLengths(durationMs, { ...shape, starts, mayEnd: until === 'decided' });
  return {
    lengths:
      budget.kind === 'duration'
        ? lengthsOf(budget.ms)
        : Array.from({ length: starts ?? placement?.classes.length ?? 1 }, () => Infinity),
    startsAt: (durationMs) => lengthsOf(durationMs).length,
  };
}
