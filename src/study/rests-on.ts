/** Joins to the arms of a run what they rest on, and takes back a `clean` that rests on nothing. */
import type { RunOptions, StressOptions } from '../stress/options.ts';
import type { ArmResult, CompareResult, StressResult } from '../stress/result.ts';
import { runStress } from '../stress/run.ts';

/** `stress`, with what it rests on. */
export async function stressed(options: StressOptions): Promise<StressResult> {
  const result = await runStress(options);
  if (result.isInterrupted) return result;
  const arms = await withCoverage(result.arms, options, result.config.strategies);
  const isVacuous = arms[0]?.verdict !== result.arms[0]?.verdict;
  return { ...result, arms, ...(isVacuous && { verdict: 'inconclusive' as const }) };
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

/** Arms with their coverage. */
export async function withCoverage(
  arms: readonly ArmResult[],
  options: Omit<RunOptions, 'strategies'>,
  strategies: readonly string[],
): Promise<readonly ArmResult[]> {
  // Only now: it brings the explore engine with it, and no trial is to wait for that.
  const { coverageOf } = await import('./coverage.ts');
  const coverage = await coverageOf(options, strategies);
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
