import { describe, expect, it } from 'vitest';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { Check } from '../../../src/subject/extent-buffer/v5.7/check.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { gradedOf } from '../../../src/scenario/graded.ts';
import { forbiddenIn, requireEqualSums } from '../../../src/stress/plan/forbidden.ts';
import type { ArmResult } from '../../../src/stress/result/result.ts';
import type { ArmCount } from '../../../src/stress/plan/arm-count.ts';
import { summarizeArms } from '../../../src/stress/result/summary.ts';

const { outcomes } = readaheadVsReleasepage;

function countOf(parts: {
  readonly bugs: number;
  readonly checks: readonly (readonly [number, number])[];
  readonly violations: number;
}): ArmCount {
  const checks = Array.from({ length: 100 }, () => 0);
  for (const [check, times] of parts.checks) checks[check] = times;
  return {
    strategy: 'upstream',
    trials: 100,
    violations: parts.violations,
    outcomes: outcomes.map(({ name }) =>
      name === 'bug' ? parts.bugs : name === 'read' ? 100 - parts.bugs : 0,
    ),
    notes: [],
    checks,
    blocks: [],
    changes: 0,
    stages: [],
    trialsStaged: 0,
    instances: [],
    states: new Map(),
  };
}

const summary = (count: ArmCount): ArmResult | undefined =>
  summarizeArms(
    [{ count, strategy: upstream, isControl: false }],
    { ...gradedOf(readaheadVsReleasepage), measures: [] },
    { confidence: 0.95 },
  )[0];

describe('violations by check and outcomes that are FORBIDDEN', () => {
  it('add up in a result', () => {
    const sound = countOf({
      bugs: 3,
      checks: [
        [Check.B1, 2],
        [Check.Q1, 1],
      ],
      violations: 3,
    });

    expect(summary(sound)?.violations).toEqual({ total: 3, byInvariant: { B1: 2, Q1: 1 } });
  });

  it('are a fault where one was lost', () => {
    const isFault = expect.objectContaining({ name: 'HarnessError', code: 'ERR_INCONSISTENT' });
    const lostCheck = countOf({ bugs: 3, checks: [[Check.B1, 2]], violations: 2 });
    const lostOutcome = countOf({ bugs: 1, checks: [[Check.B1, 2]], violations: 2 });
    const lostTotal = countOf({ bugs: 2, checks: [[Check.B1, 2]], violations: 1 });

    for (const count of [lostCheck, lostOutcome, lostTotal]) expect(() => summary(count)).toThrow(isFault);
    expect(() => requireEqualSums('a block', 1, 2)).toThrow(
      'a block: 2 outcomes are FORBIDDEN, and 1 violations were counted by check',
    );
    expect(() => requireEqualSums('a block', 2, 2)).not.toThrow();
  });

  it('are kept of a check that has no name', () => {
    expect(summary(countOf({ bugs: 4, checks: [[99, 4]], violations: 4 }))?.violations.byInvariant).toEqual({
      'check 99': 4,
    });
  });

  it('are a fault where an instance does not add up with the others, and not where it does', () => {
    const isFault = expect.objectContaining({ name: 'HarnessError', code: 'ERR_INCONSISTENT' });
    const of = (trials: number, violations: number, bugs = violations): ArmCount['instances'][number] => ({
      trials,
      violations,
      outcomes: outcomes.map(({ name }) => (name === 'bug' ? bugs : name === 'read' ? trials - bugs : 0)),
      notes: [],
    });
    const all = countOf({ bugs: 3, checks: [[Check.B1, 3]], violations: 3 });
    const withInstances = (...instances: ArmCount['instances']): ArmCount => ({ ...all, instances });

    expect(summary(withInstances(of(60, 2), of(40, 1)))?.instances?.map(({ trials }) => trials)).toEqual([
      60, 40,
    ]);
    // One whose counts are dropped, wholly or in part, and one that is counted twice.
    expect(() => summary(withInstances(of(60, 2), of(0, 0)))).toThrow(isFault);
    expect(() => summary(withInstances(of(60, 2), of(40, 0, 1)))).toThrow(isFault);
    expect(() => summary(withInstances(of(60, 2), of(40, 1, 0)))).toThrow(isFault);
    expect(() => summary(withInstances(of(60, 2), of(40, 1), of(40, 1)))).toThrow(
      'upstream: its instances have 140 trials, and it has 100',
    );
  });

  it('go by the grade of an outcome', () => {
    expect(
      forbiddenIn([1, 2, 4], [{ grade: 'ACCEPTABLE' }, { grade: 'FORBIDDEN' }, { grade: 'FORBIDDEN' }]),
    ).toBe(6);
  });
});
