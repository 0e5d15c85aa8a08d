/** Joins to the arms of a run what they rest on, and takes back a `clean` that rests on nothing. */
import type { RunOptions, StressOptions } from '../stress/options.ts';
import type { Pace } from '../stress/protocol.ts';
import type { ArmResult, CompareResult, StressResult } from '../stress/result.ts';
import { runStress } from '../stress/run.ts';

/** `stress`, with what it rests on. */
export async function stressed(options: StressOptions): Promise<StressResult> {
  const { result, pace } = await paced(runStress, options);
  if (result.isInterrupted) return result;
  const arms = await withCoverage(result.arms, options, result.config.strategies, pace);
  const isVacuous = arms[0]?.verdict !== result.arms[0]?.verdict;
  return { ...result, arms, ...(isVacuous && { verdict: 'inconclusive' as const }) };
}

/** Makes a run, and tells how it was paced: `--tune` finds that out. */
export async function paced<Options extends Pick<RunOptions, 'onPace'>, Result>(
  run: (options: Options) => Promise<Result>,
  options: Options,
): Promise<{ readonly result: Result; readonly pace: Pace | undefined }> {
  let pace: Pace | undefined;
  const onPace = (found: Pace): void => {
    pace = found;
    options.onPace?.(found);
  };
  const result = await run({ ...options, onPace });
  return { result, pace };
}

/** The arms of a comparison, and its verdict: a fix that was never tried says nothing, whatever it counted. */
export function withVerdict(
  verdict: CompareResult['verdict'],
  before: readonly ArmResult[],
  arms: readonly ArmResult[],
): Pick<CompareResult, 'verdict' | 'arms'> {
  const isVacuous = arms.some((arm, index) => arm.verdict !== before[index]?.verdict);
  return { arms, verdict: isVacuous && verdict === 'as-declared' ? 'inconclusive' : verdict };
}

/** Arms with their coverage, in a sample paced as the run was. */
export async function withCoverage(
  arms: readonly ArmResult[],
  options: Omit<RunOptions, 'strategies'>,
  strategies: readonly string[],
  pace: Pace | undefined,
): Promise<readonly ArmResult[]> {
  // Only now: it brings the explore engine with it, and no trial is to wait for that.
  const { coverageOf } = await import('./coverage.ts');
  const coverage = await coverageOf(options, strategies, pace);
  return arms.map((arm, index) => {
    const found = coverage[index];
    return found === undefined ? arm : judged({ ...arm, coverage: found });
  });
}

/** A fix of which no actor took a step has not been tried. */
export function judged(arm: ArmResult): ArmResult {
  const isUntried = arm.coverage?.own?.taken === 0;
  return isUntried && arm.verdict === 'clean' ? { ...arm, verdict: 'inconclusive' } : arm;
}
