import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import type { Reductions } from '../../src/explore/session.ts';
import { strategies } from '../../src/fix/registry.ts';
import { upstream } from '../../src/fix/upstream.ts';
import { settingFor } from '../helpers/explore-setting.ts';

const combinations: readonly Reductions[] = [false, true].flatMap((symmetry) =>
  [false, true].flatMap((partialOrder) =>
    [false, true].map((mergeValues) => ({ symmetry, partialOrder, mergeValues })),
  ),
);

const settings = [
  { start: 'primed', actors: 'finder=1,reclaim=1', pages: 1 },
  { start: 'primed', actors: 'finder=2,reclaim=1', pages: 1 },
  { start: 'primed', actors: 'finder=1,reclaim=2', pages: 2 },
  { start: 'primed', actors: 'finder=1,reclaim=1,end-io=1', pages: 1 },
  { start: 'cold', actors: 'readahead=1,reclaim=2', pages: 1 },
  { start: 'cold', actors: 'read=1,reclaim=1,end-io=1', pages: 1 },
];
const chances = { readsFail: true, trylocksFail: true };

/** What a reduction must not change. */
function findings(result: ExploreResult): unknown {
  return {
    verdict: result.verdict,
    invariants: result.violations.map(({ invariant }) => invariant),
    outcomes: result.outcomes,
    interleavings: result.interleavings,
    chance: result.violationProbability?.toPrecision(9),
  };
}

describe.each(settings)('$start, $actors, $pages pages', ({ start, actors, pages }) => {
  const setting = settingFor(start, actors, pages);
  const limits = { witnessStatesMax: 0, countStatesMax: 60_000 };

  it.each(strategies)('$name: every combination of reductions finds the same', (strategy) => {
    const all = combinations.map((reductions) => explore({ setting, strategy, reductions, limits }));

    expect(all.every(({ complete }) => complete)).toBe(true);
    const counted = all.filter(({ interleavings }) => interleavings !== null);
    const uncounted = all.map((result) =>
      Object.assign({}, result, { interleavings: null, violationProbability: null }),
    );
    expect(new Set(counted.map((result) => JSON.stringify(findings(result)))).size).toBeLessThanOrEqual(1);
    expect(new Set(uncounted.map((result) => JSON.stringify(findings(result)))).size).toBe(1);
  });

  it('agrees where reads and page trylocks may fail', () => {
    const all = combinations
      .filter(({ symmetry }) => symmetry)
      .map((reductions) =>
        explore({
          setting,
          strategy: upstream,
          reductions,
          chances,
          limits: { ...limits, countStatesMax: 0 },
        }),
      );

    expect(new Set(all.map((result) => JSON.stringify(findings(result)))).size).toBe(1);
  });
});

describe('state counts without any reduction', () => {
  const reductions = { symmetry: false, partialOrder: false, mergeValues: false };

  it.each([
    { actors: 'finder=1,reclaim=1', pages: 1, states: 711 },
    { actors: 'finder=2,reclaim=1', pages: 1, states: 22_864 },
  ])('are $states for $actors', ({ actors, pages, states }) => {
    const result = explore({
      setting: settingFor('primed', actors, pages),
      strategy: upstream,
      reductions,
      limits: { countStatesMax: 0 },
    });

    expect(result.states).toBe(states);
  });
});
