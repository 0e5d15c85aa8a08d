import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';

const SOURCE = './examples/litmus.mjs';
await loadScenario(SOURCE);
const litmus = scenarioNamed(SOURCE);

/** All patterns of so many digits but one. */
const allBut = (digits: number, forbidden: string): string[] =>
  Array.from({ length: 2 ** digits }, (_, bits) => bits.toString(2).padStart(digits, '0')).filter(
    (pattern) => pattern !== forbidden,
  );

function searched(scenario: Scenario, start: string, isReduced = true) {
  const reductions = { symmetry: isReduced, partialOrder: isReduced, mergeValues: isReduced };
  return explore({ setting: resolveSetting({ scenario, start, pages: 1 }), strategy: none, reductions });
}

describe('litmus tests', () => {
  it.each([
    ['sb', allBut(2, '00')],
    ['mp', allBut(2, '10')],
    ['lb', allBut(2, '11')],
    ['iriw', allBut(4, '1010')],
    ['two-plus-two-w', allBut(2, '00')],
    ['corr', allBut(2, '10')],
  ])('%s shows what is sequentially consistent, all of it and nothing else', (start, patterns) => {
    for (const isReduced of [true, false]) {
      const { verdict, outcomes } = searched(litmus, start, isReduced);

      expect(verdict).toBe('holds');
      expect(outcomes.map(({ name }) => name)).toEqual(patterns.map((pattern) => `seen-${pattern}`));
    }
  });

  // Only store buffering is more than SC on x86; the Linux memory model delays stores past each other, too (LB takes a late load).
  it.each([
    ['sb', true, true],
    ['mp', false, true],
    ['lb', false, false],
    ['iriw', false, false],
    ['two-plus-two-w', false, true],
    ['corr', false, false],
  ])('%s shows more under x86: %s, under lkmm-stores: %s', (start, onX86, onLkmm) => {
    const isSeen = (ordering: Ordering): boolean => {
      const setting = resolveSetting({ scenario: litmus, start, pages: 1, ordering });
      const { complete, violations } = explore({ setting, strategy: none, limits: { witnessStatesMax: 0 } });
      expect(complete).toBe(true);
      return violations.length > 0;
    };

    expect([isSeen('x86'), isSeen('lkmm-stores')]).toEqual([onX86, onLkmm]);
  });

  it('are violated where one forbids what an interleaving shows, with the interleaving', () => {
    const seen = litmus.outcomes.findIndex(({ name }) => name === 'seen-11');
    const planted: Scenario = {
      ...litmus,
      outcomes: litmus.outcomes.map((outcome, index) =>
        index === seen ? { name: outcome.name, grade: 'FORBIDDEN', summary: '' } : outcome,
      ),
    };

    const { verdict, violations, violationProbability } = searched(planted, 'sb');

    expect(verdict).toBe('violated');
    expect(violations.map(({ invariant }) => invariant)).toEqual(['OUTCOME']);
    expect(violations[0]?.witness).toMatchObject({ preemptions: 1 });
    // Behind the first write the other actor writes before it is read with probability one half.
    expect(violationProbability).toBeCloseTo(0.5, 12);
  });
});
