/** A comparison in all orderings, with hand-made counts: see sample-results.ts. */
import type { Ordering } from '../../../src/memory/ordering.ts';
import type { ArmOrdering, ArmProof, ArmResult, CompareResult } from '../../../src/stress/result/result.ts';
import { choicesOf } from '../../../src/study/dominance.ts';
import { asDeclared } from './sample-results.ts';

function proof(invariants: readonly string[]): ArmProof {
  const verdict = invariants.length === 0 ? ('holds' as const) : ('violated' as const);
  return { verdict, complete: true, states: 9, elapsedMs: 1, invariants, witness: null };
}

function inOrdering(
  ordering: Ordering,
  invariants: readonly string[],
  hardware: ArmOrdering['hardware'],
): ArmOrdering {
  return { ordering, proof: proof(invariants), ...(hardware !== undefined && { hardware }) };
}

const RATE = { perMillion: 0, low: 0, high: 42, confidence: 0.95 };
const ZERO = {
  trials: 1000,
  violations: { total: 0, byInvariant: {} },
  verdict: 'clean',
  rate: RATE,
} as const;
const UNHEARD = { ...ZERO, verdict: 'inconclusive' } as const;

/** Each fix holds under sc; under x86 explore finds B1 in the first one, and threads were silent without their control. */
export function comparedInAll(): CompareResult {
  let isFirst = true;
  const arms = asDeclared.arms.map((arm): ArmResult => {
    const own = arm.expectation === 'violates' ? ['B1'] : [];
    const waiting = arm.expectation === 'violates' || isFirst ? ['B1'] : [];
    if (arm.expectation === 'holds') isFirst = false;
    return {
      ...arm,
      proof: proof(own),
      orderings: [
        inOrdering('sc', own, ZERO),
        inOrdering('x86', waiting, {
          ...UNHEARD,
          calibration: { tests: [], shows: 'no-buffers', control: 'announce-find' },
        }),
        inOrdering('lkmm-stores', own, undefined),
      ],
    };
  });
  const config = { ...asDeclared.config, proves: true, orderings: true };
  return { ...asDeclared, config, arms, decision: choicesOf(arms, []) };
}
