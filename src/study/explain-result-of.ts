import type { StressResult } from '../stress/result/result.ts';
import type { ExplainResult } from './explain-result.ts';
import type { ExplanationRecord } from './journal/records.ts';

/** The result of a stress run with what its violation was. */
export function explainResultOf(
  run: StressResult,
  explanation: ExplanationRecord | undefined,
  actors: readonly string[],
): ExplainResult {
  const { lost = 0, found: searched = null } = explanation ?? {};
  const found = searched === null ? null : held(searched, run);
  const {
    environment,
    config,
    words,
    calibration,
    arms,
    tuning,
    elapsedMs,
    startup,
    isInterrupted,
    notices,
  } = run;
  const verdict = run.verdict === 'violated' ? 'unexplained' : run.verdict;
  return {
    schema: 'ebtorture.explain/1' as const,
    environment,
    ...(words !== undefined && { words }),
    config,
    ...(calibration !== undefined && { calibration }),
    arms,
    ...(tuning !== undefined && { tuning }),
    elapsedMs,
    startup,
    isInterrupted,
    notices,
    actors,
    lost,
    ...(found ?? { verdict, observed: null, explanation: null, furthest: [], states: 0, searchMs: 0 }),
  };
}

/** Threads that are no x86-64 to the eye say nothing against a model of one. */
function held<Found extends Pick<ExplainResult, 'verdict'>>(
  found: Found,
  { calibration }: Pick<StressResult, 'calibration'>,
): Found | (Omit<Found, 'verdict'> & { readonly verdict: 'unexplained' }) {
  const isOtherOrder = calibration?.shows === 'other-order';
  return isOtherOrder && found.verdict === 'contradicted' ? { ...found, verdict: 'unexplained' } : found;
}
