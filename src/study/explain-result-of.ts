import type { StressResult } from '../stress/result/result.ts';
import type { ExplainResult } from './explain-result.ts';
import type { ExplanationRecord } from './journal/records.ts';

/** The result of a stress run with what its violation was. */
export function explainResultOf(
  run: StressResult,
  explanation: ExplanationRecord | undefined,
  actors: readonly string[],
): ExplainResult {
  const { lost = 0, found = null } = explanation ?? {};
  const { environment, config, words, arms, tuning, elapsedMs, startup, isInterrupted, notices } = run;
  const verdict = run.verdict === 'violated' ? 'unexplained' : run.verdict;
  return {
    schema: 'ebtorture.explain/1' as const,
    environment,
    ...(words !== undefined && { words }),
    config,
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
