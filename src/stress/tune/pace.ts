import { isInPlacement } from '../../stats/placement.ts';
import { BATCH } from '../actor/launched-trials.ts';
import type { RunOptions } from '../plan/options.ts';
import type { PlanParts } from '../plan/plan.ts';
import type { Pace } from '../plan/protocol.ts';
import type { Amplification } from '../plan/amplification.ts';
import type { PlacementPlan } from '../topology/placement-plan.ts';
import type { Tuning, TuningGain } from '../result/tuning-result.ts';

/** How the actors of a run keep together. */
export interface RunPace {
  readonly pace: Pace;
  /** That of a block after one with this round trip, where it depends on the placement of the cores; undefined: `pace`. */
  readonly paceAt?: (roundTripNs: number | null) => Pace;
  /** The most worlds that any block plays. */
  readonly worlds: number;
  readonly hasStartOffset: boolean;
  /** The tuned pace, if any block may have it; `pace` otherwise. */
  readonly raised: Pace;
  readonly tuning: Tuning | undefined;
}

/** How the actors of a run keep together: as asked for, or as tuning found it. */
export async function paceOf(
  parts: PlanParts,
  options: Pick<RunOptions, 'launch' | 'isTuned' | 'signal' | 'onProgress'>,
  placement?: PlacementPlan,
): Promise<RunPace> {
  const { launch, isTuned, signal, onProgress } = options;
  if (isTuned === true) {
    const { tuneRun } = await import('./tune.ts');
    const { pace, tuned, tuning } = await tuneRun(parts, { signal, onProgress, placement });
    if (tuned === undefined)
      return { pace, raised: pace, worlds: pace.worlds, hasStartOffset: false, tuning };
    return {
      pace,
      raised: tuned,
      paceAt: (roundTripNs) => (isTunedAt(tuning.gains, roundTripNs) ? tuned : pace),
      worlds: Math.max(pace.worlds, tuned.worlds),
      hasStartOffset: tuned.launch !== undefined || tuned.shift !== undefined,
      tuning,
    };
  }
  const pace: Pace =
    launch === undefined
      ? { stride: parts.stride, worlds: parts.worlds }
      : { stride: BATCH, worlds: BATCH, launch };
  return { pace, raised: pace, worlds: pace.worlds, hasStartOffset: launch !== undefined, tuning: undefined };
}

/** Whether a tuned setting is used at a round trip: in the placements in which it is shown to be better. */
export function isTunedAt(gains: readonly TuningGain[], roundTripNs: number | null): boolean {
  return gains.some(({ isUsed, rangeNs }) => {
    return isUsed && (rangeNs === null || isInPlacement({ rangeNs }, roundTripNs));
  });
}

/** By what the rates of a run are raised; empty is natural. A setting that tuning left as it was is natural. */
export function amplificationOf(
  { delays, trylockFail, waits, launch }: Pick<RunOptions, 'delays' | 'trylockFail' | 'waits' | 'launch'>,
  tuning: Tuning | undefined,
): Amplification[] {
  const labels: Amplification[] = [];
  if (Object.keys(delays).length > 0) labels.push('delayed');
  if ((waits?.jitterNs ?? 0) > 0) labels.push('jittered');
  if ((waits?.stall ?? 0) > 0) labels.push('stalled');
  if (trylockFail > 0) labels.push('trylock-failing');
  if (launch !== undefined) labels.push('offset');
  if (tuning?.isUsed === true) labels.push('tuned');
  return labels;
}
