/** What a search says of a litmus test that threads have run: plain data, and pure functions of it. */
import { isAskedFor, trialsSeen } from '../scenario/litmus/asked-for.ts';
import type { StressResult } from '../stress/result/result.ts';
import type { ReachedRecord } from './journal/records.ts';

/**
 * A run of a litmus test with what a search of its setting has reached. What it asks for and was not seen is `clean` only if the search
 * was complete and does not come to it either; and of threads that do not keep to their ordering nothing says anything.
 */
export function exploredBeside(run: StressResult, reached: ReachedRecord | undefined): StressResult {
  const { litmus, calibration } = run;
  if (litmus === undefined || reached === undefined) return run;
  const { outcomes: states, incomplete } = reached;
  const contradicted =
    incomplete === null
      ? litmus.states.map(({ state }) => state).filter((state) => !states.includes(state))
      : [];
  const isForbidden = incomplete === null && !states.some((state) => isAskedFor(litmus, state));
  const isMeasured = run.arms[0] !== undefined && run.arms[0].trials > 0;
  const isBorneOut = calibration === undefined || calibration.shows === 'x86';
  const isClean =
    run.verdict === 'inconclusive' && trialsSeen(litmus) === 0 && isForbidden && isMeasured && isBorneOut;
  return {
    ...run,
    litmus: { ...litmus, explored: { states, incomplete, contradicted } },
    ...(isClean && { verdict: 'clean' as const }),
  };
}
