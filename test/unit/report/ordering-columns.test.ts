import { describe, expect, it } from 'vitest';
import type { Ordering } from '../../../src/memory/ordering.ts';
import { decisionTable } from '../../../src/report/page/section/decision.ts';
import { plain } from '../../../src/report/paint.ts';
import { compareReport } from '../../../src/report/run-report.ts';
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
function compared(): CompareResult {
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

describe('the page of a decision in all orderings', () => {
  const result = compared();
  const fix = result.arms.find(({ expectation }) => expectation === 'holds');
  const text = compareReport(result, plain);

  it('has one column per ordering, of explore and of threads', () => {
    expect(text).toMatch(/explore -+ +threads, \/M/);
    expect(text).toMatch(/sc +x86 +lkmm +sc +x86/);
    expect(text).toMatch(/holds +B1 +holds +<42 +0\?/);
    expect(decisionTable(result)).toMatch(/explore, sc.*explore, x86.*explore, lkmm.*threads, \/M, x86/s);
  });

  it('names the ordering of its verdict, and what does not hold in another one', () => {
    expect(text).toMatch(/Verdict: AS DECLARED with every store visible at once\./);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      `Declared to hold, and violated under x86-TSO: ${fix?.strategy ?? ''} (B1).`,
    );
  });

  it('counts what is violated in one of them as unsafe', () => {
    const place = result.arms.findIndex((arm) => arm === fix);

    expect(result.decision?.find(({ arm }) => arm === place)?.safety).toBe('unsafe');
  });

  it('says nothing of orderings that nobody asked for', () => {
    expect(compareReport(asDeclared, plain)).not.toMatch(/lkmm|visible at once/);
  });
});
