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
}

/** What a search for the setting with most violations per second has found. */
export interface TunedPaces {
  readonly tuning: Tuning;
  /** Null where no block is to have it. */
  readonly tuned: Pace | null;
}

/** How the actors of a run keep together that is not tuned. */
export function naturalPace(parts: Pick<PlanParts, 'stride' | 'worlds'>, launch: RunOptions['launch']): Pace {
  return launch === undefined
    ? { stride: parts.stride, worlds: parts.worlds }
    : { stride: BATCH, worlds: BATCH, launch };
}

/** Searches for that setting, where a run is to be tuned. */
export async function tunedPaces(
  parts: PlanParts,
  { isTuned, signal, onProgress }: Pick<RunOptions, 'isTuned' | 'signal' | 'onProgress'>,
  placement?: PlacementPlan,
): Promise<TunedPaces | undefined> {
  if (isTuned !== true) return undefined;
  const { tuneRun } = await import('./tune.ts');
  const { tuned = null, tuning } = await tuneRun(parts, { signal, onProgress, placement });
  return { tuning, tuned };
}

/** How the actors of a run keep together: as asked for, or as tuning found it. */
export function paceOf(pace: Pace, found: TunedPaces | undefined): RunPace {
  const isLaunched = ({ launch, shift }: Pace): boolean => launch !== undefined || shift !== undefined;
  if (found === undefined || found.tuned === null) {
    return { pace, raised: pace, worlds: pace.worlds, hasStartOffset: isLaunched(pace) };
  }
  const { tuned, tuning } = found;
  return {
    pace,
    raised: tuned,
    paceAt: (roundTripNs) => (isTunedAt(tuning.gains, roundTripNs) ? tuned : pace),
    worlds: Math.max(pace.worlds, tuned.worlds),
    hasStartOffset: isLaunched(tuned),
  };
}

/** Whether a tuned setting is used at a round trip: in the placements in which it is shown to be better. */
export function isTunedAt(gains: readonly TuningGain[], roundTripNs: number | null): boolean {
  return gains.some(({ isUsed, rangeNs }) => {
    return isUsed && (rangeNs === null || isInPlacement({ rangeNs }, roundTripNs));
  });
}

/** By what the rates of a run are raised, but for tuning; empty is natural. */
export function amplificationOf({
  delays,
  trylockFail,
  waits,
  launch,
}: Pick<RunOptions, 'delays' | 'trylockFail' | 'waits' | 'launch'>): Amplification[] {
  const labels: Amplification[] = [];
  if (Object.keys(delays).length > 0) labels.push('delayed');
  if ((waits?.jitterNs ?? 0) > 0) labels.push('jittered');
  if ((waits?.stall ?? 0) > 0) labels.push('stalled');
  if (trylockFail > 0) labels.push('trylock-failing');
  if (launch !== undefined) labels.push('offset');
  return labels;
}
