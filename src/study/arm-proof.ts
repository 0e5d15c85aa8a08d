/** What the explore engine says of an arm in the setting of a run, and what that makes of the arm. */
import type { ExploreLimits, ExploreResult } from '../explore/explore.ts';
import type { RunOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { ArmProof, ArmResult, CompareResult } from '../stress/result/result.ts';
import { compareVerdict } from '../stress/result/summary.ts';
import { chancesOf } from './chances.ts';
import { subjectOf } from './subject.ts';
import type { ExploreTask } from './task.ts';

/** The search of a run's setting: what may happen by chance there may happen here. */
export function proofTask(
  options: Omit<RunOptions, 'strategies'>,
  strategy: string,
  limits: Partial<ExploreLimits>,
): ExploreTask {
  return {
    kind: 'explore',
    ...subjectOf(settingNamed(options), strategy),
    chances: chancesOf(options),
    limits,
  };
}

/** What a result has of a search. */
export function summaryOf(found: ExploreResult): ArmProof {
  const { verdict, complete, states, elapsedMs, violations, neverReached, isChangeReached } = found;
  return {
    verdict,
    complete,
    states,
    elapsedMs,
    invariants: violations.map(({ invariant }) => invariant),
    witness: violations[0]?.witness?.schedule ?? null,
    ...(verdict === 'vacuous' && neverReached !== undefined && { neverReached: gapsOf(neverReached) }),
    ...(verdict === 'vacuous' && isChangeReached !== undefined && { isChangeReached }),
  };
}

function gapsOf({
  operations,
  withoutStep,
  own,
}: NonNullable<ExploreResult['neverReached']>): NonNullable<ArmProof['neverReached']> {
  return { operations, withoutStep, own };
}

/**
 * An arm with its proof. A fix of which explore says that nothing puts it to the test here is not clean, and a control that
 * no schedule makes violate can only stay silent.
 */
export function withProof(arm: ArmResult, proof: ArmProof): ArmResult {
  const isVacuous = proof.verdict === 'vacuous' && arm.verdict === 'clean';
  const isSilent = arm.expectation === 'violates' && proof.complete && proof.invariants.length === 0;
  return {
    ...arm,
    proof,
    ...(isVacuous && { verdict: 'inconclusive' as const }),
    ...(isSilent && { cannotViolate: true as const }),
  };
}

/**
 * The verdict of a comparison once explore has spoken: a witness against a fix refutes it, and a control that cannot violate
 * in this setting is no reason to doubt the run where another one did.
 */
export function verdictWithProofs(
  { verdict, stopping }: Pick<CompareResult, 'verdict' | 'stopping'>,
  arms: readonly ArmResult[],
): CompareResult['verdict'] {
  if (arms.some(({ expectation, proof }) => expectation === 'holds' && proof?.verdict === 'violated')) {
    return 'not-as-declared';
  }
  const serves = arms.some((arm) => arm.expectation === 'violates' && arm.verdict === 'violated');
  if (verdict !== 'inconclusive' || stopping.isDecided === false || !serves) return verdict;
  return compareVerdict(arms.filter((arm) => !(arm.cannotViolate === true && arm.violations.total === 0)));
}
