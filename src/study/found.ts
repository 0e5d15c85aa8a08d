/** What is found out of the arms of a run behind its blocks, and what that makes of its result: pure functions, of a run and of its journal. */
import type { MeasureWords } from '../scenario/measure.ts';
import type { ArmResult, CompareResult, StressResult } from '../stress/result/result.ts';
import { verdictWithProofs, withProof } from './arm-proof.ts';
import { choicesOf } from './dominance.ts';
import type { ArmFound, CompareAsks } from './journal/records.ts';
import { exploredBeside } from './litmus-explored.ts';
import { isUntried } from './untried.ts';

/** An arm with what it rests on. */
export function withFound(
  arm: ArmResult,
  { coverage, lockOrder, proof, cost, orderings }: ArmFound,
): ArmResult {
  const covered =
    coverage === undefined
      ? arm
      : judged({ ...arm, coverage, ...(lockOrder !== undefined && { lockOrder }) });
  const proved = proof === undefined ? covered : withProof(covered, proof);
  return {
    ...proved,
    ...(cost !== undefined && { cost }),
    ...(orderings !== undefined && { orderings }),
  };
}

/** A fix of which no actor took a step has not been tried, and neither has one beside which a whole operation never ran. */
export function judged(arm: ArmResult): ArmResult {
  return isUntried(arm) && arm.verdict === 'clean' ? { ...arm, verdict: 'inconclusive' } : arm;
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

/** A comparison with what its arms rest on; without it where the run was over before any was found out. */
export function decidedOf(
  run: CompareResult,
  found: readonly (ArmFound | undefined)[],
  {
    proves,
    measuresCost,
    orderings,
    measures,
  }: Omit<CompareAsks, 'agrees'> & { readonly measures: readonly MeasureWords[] },
): CompareResult {
  const result: CompareResult = {
    ...run,
    config: { ...run.config, proves, measuresCost, ...(orderings === true && { orderings }) },
  };
  if (found.length === 0) return result;
  const arms = result.arms.map((arm, index) => withFound(arm, found[index] ?? {}));
  // Threads that are no x86-64 to the eye say nothing against a proof of one.
  const contradictions = run.calibration?.shows === 'other-order' ? [] : arms.flatMap(contradictionsOf);
  return {
    ...result,
    arms,
    verdict: verdictWithProofs({ ...result, ...withVerdict(result.verdict, result.arms, arms) }, arms),
    ...((proves || measuresCost) && { decision: choicesOf(arms, measures) }),
    ...(contradictions.length > 0 && { contradictions }),
  };
}

/** The same of `stress`, whose verdict is that of its first arm. */
export function stressedOf(run: StressResult, found: readonly (ArmFound | undefined)[]): StressResult {
  if (found.length === 0) return run;
  if (run.litmus !== undefined) return exploredBeside(run, found[0]?.reached);
  const arms = run.arms.map((arm, index) => withFound(arm, found[index] ?? {}));
  const isVacuous = arms[0]?.verdict !== run.arms[0]?.verdict;
  return { ...run, arms, ...(isVacuous && { verdict: 'inconclusive' as const }) };
}

/** What was violated on threads in a setting of which a complete search says that it cannot be. */
function contradictionsOf({ strategy, proof, violations, orderings = [] }: ArmResult): string[] {
  return [
    ...contradictedBy(strategy, proof, violations),
    // Threads that are no x86-64 to the eye are inconclusive.
    ...orderings.flatMap(({ ordering, proof: theirs, hardware }) =>
      hardware?.verdict === 'violated'
        ? contradictedBy(strategy, theirs, hardware.violations).map((text) => `${text} (${ordering})`)
        : [],
    ),
  ];
}

function contradictedBy(
  strategy: string,
  proof: ArmResult['proof'],
  violations: ArmResult['violations'],
): string[] {
  if (proof?.complete !== true) return [];
  return Object.entries(violations.byInvariant).flatMap(([id, count]) =>
    count === 0 || proof.invariants.includes(id)
      ? []
      : [`${strategy} violated ${id} ${count} times on hardware, where explore proves that it cannot`],
  );
}
