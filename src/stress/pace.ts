import { BATCH } from './launched-trials.ts';
import type { RunOptions } from './options.ts';
import type { PlanParts } from './plan.ts';
import type { Pace } from './protocol.ts';
import type { Amplification } from './result.ts';
import type { Tuning } from './tuning-result.ts';

/** How the actors of a run keep together: as asked for, or as tuning found it. */
export async function paceOf(
  parts: PlanParts,
  options: Pick<RunOptions, 'launch' | 'isTuned' | 'signal' | 'onProgress'>,
): Promise<{ readonly pace: Pace; readonly tuning: Tuning | undefined }> {
  const { launch, isTuned } = options;
  if (isTuned === true) {
    const { tuneRun } = await import('./tune.ts');
    return tuneRun(parts, options);
  }
  if (launch !== undefined) return { pace: { stride: BATCH, worlds: BATCH, launch }, tuning: undefined };
  return { pace: { stride: parts.stride, worlds: parts.worlds }, tuning: undefined };
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
