import { describe, expect, it } from 'vitest';
import { plain } from '../../../src/report/paint.ts';
import { compareReport } from '../../../src/report/run-report.ts';
import type { ArmProof, ArmResult, CompareResult } from '../../../src/stress/result/result.ts';
import { verdictWithProofs, withProof } from '../../../src/study/arm-proof.ts';
import { choicesOf } from '../../../src/study/dominance.ts';
import { asDeclared } from '../report/sample-results.ts';

const holds: ArmProof = {
  verdict: 'holds',
  complete: true,
  states: 700,
  elapsedMs: 90,
  invariants: [],
  witness: null,
};
const violated: ArmProof = { ...holds, verdict: 'violated', invariants: ['B1'] };
const vacuous: ArmProof = {
  ...holds,
  verdict: 'vacuous',
  neverReached: {
    operations: [{ actor: 'finder', operation: 'free_extent_buffer' }],
    withoutStep: [],
    own: null,
  },
};

function armOf(name: string): ArmResult {
  const arm = asDeclared.arms.find(({ strategy }) => strategy === name);
  if (arm === undefined) throw new Error(`the sample has no arm ${name}`);
  return arm;
}

/** A control that stayed silent, beside others. */
const silentNone: ArmResult = {
  ...armOf('none'),
  violations: { total: 0, byInvariant: {} },
  verdict: 'inconclusive',
};
const buggy: ArmResult = { ...armOf('none'), strategy: 'buggy' };
const upstream = armOf('upstream');

const resultOf = (arms: readonly ArmResult[], verdict: CompareResult['verdict']): CompareResult => ({
  ...asDeclared,
  arms,
  verdict: verdictWithProofs({ ...asDeclared, verdict }, arms),
  decision: choicesOf(arms, []),
});
const textOf = (result: CompareResult): string => compareReport(result, plain).replaceAll(/\s+/g, ' ');

describe('a fix with a vacuous proof', () => {
  it('is not clean, and the report says why', () => {
    const fix = withProof(upstream, vacuous);
    const text = textOf({ ...resultOf([withProof(buggy, violated), fix], 'inconclusive') });

    expect(fix.verdict).toBe('inconclusive');
    expect(withProof(upstream, holds).verdict).toBe('clean');
    expect(text).toContain(
      'Nothing puts upstream to the test here, since finder never comes to free_extent_buffer',
    );
    expect(text).toContain(
      'vacuous, which proves nothing: upstream (finder never comes to free_extent_buffer)',
    );
    expect(text).not.toContain('run longer');
  });
});

describe('a control that explore proves silent', () => {
  it('does not stand in the way where another one serves', () => {
    const arms = [withProof(silentNone, holds), withProof(buggy, violated), withProof(upstream, holds)];
    const result = resultOf(arms, 'inconclusive');

    expect(result.verdict).toBe('as-declared');
    expect(textOf(result)).toContain(
      'The control buggy violated, the fix upstream held; none, declared to violate, cannot in this setting',
    );
  });

  it('still does where explore has not spoken, or has a schedule', () => {
    for (const proof of [{ ...holds, verdict: 'bounded', complete: false } as const, violated]) {
      const arms = [withProof(silentNone, proof), withProof(buggy, violated), withProof(upstream, holds)];

      expect(resultOf(arms, 'inconclusive').verdict).toBe('inconclusive');
    }
  });

  it('leaves a run without a verdict where it is alone, and nobody is told to run longer', () => {
    const untold = { ...upstream, verdict: 'inconclusive' as const };
    const arms = [withProof(silentNone, holds), withProof(untold, holds)];
    const result = resultOf(arms, 'inconclusive');

    expect(result.verdict).toBe('inconclusive');
    expect(textOf(result)).toContain('The control none cannot violate in this setting, as explore proves');
    expect(textOf(result)).not.toContain('run longer');
    expect(textOf(resultOf([silentNone, untold], 'inconclusive'))).toContain('run longer');
  });
});

it('refutes a fix of which explore has a schedule, whatever the hardware shows', () => {
  expect(resultOf([withProof(buggy, violated), withProof(upstream, violated)], 'as-declared').verdict).toBe(
    'not-as-declared',
  );
});
