import { describe, expect, it } from 'vitest';
import { formatMutation } from '../../src/fix/mutation/mutation.ts';
import { mutantOf } from '../../src/fix/mutation/mutant.ts';
import type { Strategy } from '../../src/fix/strategy.ts';
import { type Ordering, orderingPart } from '../../src/memory/ordering.ts';
import { type Rung, rung } from '../../src/study/mutate-ladder.ts';
import { type MutationPlan, planMutants } from '../../src/study/mutate-plan.ts';
import { searchRung, surveyOf } from '../../src/study/survey.ts';
import { recheckRelease } from '../../src/subject/extent-buffer/v5.7/strategies/recheck-release.ts';
import { announcing } from '../helpers/announcing.ts';

const withFence = announcing('announce, smp_mb', (memory) => memory.smpMb());
const withWriteBarrier = announcing('announce, smp_wmb and smp_mb', (memory) => {
  memory.smpWmb();
  memory.smpMb();
});

const LIMITS = { timeMaxMs: Infinity, clock: () => 0 };
const SMP_MB = 'mark_extent_buffer_accessed/smp_mb/drop';
const SMP_WMB = 'mark_extent_buffer_accessed/smp_wmb/drop';

function rungOf(ordering: Ordering): Rung {
  return { ...rung('primed', 'finder=1,reclaim=1', 1), ...orderingPart(ordering) };
}

function planned(strategy: Strategy, ordering: Ordering): MutationPlan {
  return planMutants(false, [surveyOf(strategy, rungOf(ordering), LIMITS)]);
}

/** What explore says of a mutant, by its name. */
function judged(strategy: Strategy, id: string, ordering: Ordering): string | undefined {
  const mutation = planned(strategy, 'lkmm-stores').mutants.find(
    (each) => formatMutation(each.mutation) === id,
  )?.mutation;
  if (mutation === undefined) return undefined;
  return searchRung(mutantOf(strategy, mutation), rungOf(ordering), { ...LIMITS, witnessStatesMax: 0 })
    .verdict;
}

const idsOf = ({ mutants }: MutationPlan): readonly string[] =>
  mutants.map(({ mutation }) => formatMutation(mutation));

describe('a barrier', () => {
  it('is changed where stores wait, and not where every store is visible at once', () => {
    expect(idsOf(planned(withFence, 'x86'))).toContain(SMP_MB);
    expect(idsOf(planned(withFence, 'sc'))).not.toContain(SMP_MB);
    expect(planned(withFence, 'sc').fixed).toContainEqual({
      function: 'mark_extent_buffer_accessed',
      step: 'smp_mb()',
      change: 'any',
      reason: 'it only orders, and mutants are searched in program order',
    });
  });

  it('that stands between a store and a look is missed under x86-TSO alone', () => {
    expect(judged(withFence, SMP_MB, 'sc')).toBe('holds');
    expect(judged(withFence, SMP_MB, 'x86')).toBe('violated');
    expect(judged(withFence, SMP_MB, 'lkmm-stores')).toBe('violated');
  });

  it('that another one makes superfluous is equivalent', () => {
    expect(judged(withWriteBarrier, SMP_WMB, 'sc')).toBe('holds');
    expect(judged(withWriteBarrier, SMP_WMB, 'x86')).toBe('holds');
  });
});

describe('an ordered access', () => {
  const relaxed = (ordering: Ordering): readonly string[] =>
    idsOf(planned(recheckRelease, ordering)).filter((id) => id.endsWith('/relaxed'));

  it('is weakened where that makes a difference to the processor', () => {
    expect(relaxed('sc')).toEqual([]);
    expect(relaxed('x86')).toEqual([]);
  });
});
