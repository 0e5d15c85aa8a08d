import { allSteps, type MutableStep, mutationsOf, touchedSteps } from '../fix/mutation/mutations-of.ts';
import { isBarrier } from '../memory/access-kind.ts';
import { accessKinds } from '../memory/access.ts';
import type { Ordering } from '../memory/ordering.ts';
import { isNoticeable } from '../fix/mutation/mutation-change.ts';
import { formatMutation, functionText, type Mutation, stepText } from '../fix/mutation/mutation.ts';
import type { RecordedStep } from '../fix/mutation/step-recorder.ts';
import type { FixedStep, MutantResult } from './mutate-result.ts';
import type { Survey } from './survey.ts';

/** A mutant that is to be tried. */
export interface PlannedMutant {
  readonly mutation: Mutation;
  /** Settings that reach its step, in which the unchanged strategy holds: indices into the ladder. */
  readonly rungs: readonly number[];
}

/** What there is to be changed. */
export interface MutationPlan {
  readonly mutants: readonly PlannedMutant[];
  readonly fixed: readonly FixedStep[];
}

/**
 * Plans the mutants of a strategy from the surveys of all settings. Settings in which the unchanged strategy violates are
 * left out, and those in which part of what is to run never does: nothing could be learned there.
 */
export function planMutants(isModel: boolean, surveys: readonly Survey[]): MutationPlan {
  const own = surveys[0]?.functions ?? new Set<string>();
  const ordering = surveys[0]?.baseline.rung.ordering ?? 'sc';
  const stepsOf = (
    recorded: readonly RecordedStep[],
    before: readonly RecordedStep[],
  ): readonly MutableStep[] => {
    const touched = touchedSteps(recorded, own, before);
    return isModel ? [...touched, ...allSteps(recorded)] : touched;
  };
  // Only what no setting of the kernel before the fix does is the strategy's doing.
  const before = surveys.flatMap((survey) => survey.before);
  const steps = stepsOf(
    surveys.flatMap(({ recorded }) => recorded),
    before,
  );
  const rungsOf = new Map<string, number[]>();
  for (const [rung, { recorded, baseline }] of surveys.entries()) {
    if (baseline.verdict === 'violated' || baseline.verdict === 'vacuous') continue;
    for (const key of new Set(stepsOf(recorded, before).map(keyOf))) {
      rungsOf.set(key, [...(rungsOf.get(key) ?? []), rung]);
    }
  }
  const mutants = mutationsOf(steps)
    .filter(({ step, change }) => isNoticeable(change, step.access, ordering))
    .map((mutation) => ({ mutation, rungs: rungsOf.get(keyOf(mutation)) ?? [] }));
  return { mutants: mutants.filter(({ rungs }) => rungs.length > 0), fixed: fixedSteps(steps, ordering) };
}

/** A mutant of which nothing is known. */
export function freshResult({ mutation }: PlannedMutant): MutantResult {
  return {
    id: formatMutation(mutation),
    function: functionText(mutation.step),
    step: stepText(mutation.step),
    change: mutation.change,
    explore: null,
    stress: null,
  };
}

function keyOf({ step }: Pick<MutableStep, 'step'>): string {
  return formatMutation({ step, change: 'drop' });
}

function fixedSteps(steps: readonly MutableStep[], ordering: Ordering): FixedStep[] {
  const fixed = new Map<string, FixedStep>();
  for (const { step, immovable, immutable: never } of steps) {
    const isIdle = ordering === 'sc' && isBarrier(accessKinds[step.access]);
    const immutable = isIdle ? 'it only orders, and mutants are searched in program order' : never;
    const reason = immutable ?? immovable;
    if (reason === undefined) continue;
    const change = immutable === undefined ? 'later' : 'any';
    fixed.set(keyOf({ step }), { function: functionText(step), step: stepText(step), change, reason });
  }
  return [...fixed.values()];
}
