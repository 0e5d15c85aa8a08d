import type { ActorContext } from '../../src/scenario/scenario.ts';
import type { ExtentBufferModel } from '../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import type { Reductions } from '../../src/explore/search/session.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { strategies } from '../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import type { Operation } from '../../src/scenario/scenario.ts';
import type { Setting } from '../../src/scenario/setting.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';

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
const chances = { readsFail: true, trylocksFail: true, setupsFail: true };

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

/** Nothing is reduced, and everything: in between, two strategies show what all do. */
const ends = combinations.filter(
  ({ symmetry, partialOrder, mergeValues }) => symmetry === partialOrder && symmetry === mergeValues,
);
/** Where no actor is like another, symmetry leaves nothing out: the unit tests have it on where partial order is. */
function combinationsIn({ actors }: Setting): readonly Reductions[] {
  if (actors.some(({ ordinal }) => ordinal > 0)) return combinations;
  return allOr(
    combinations,
    combinations.filter(({ symmetry, partialOrder }) => symmetry === partialOrder),
  );
}

/** One that violates and one that holds. */
const thorough: ReadonlySet<Strategy> = new Set([none, upstream]);

/** The others in every setting; in the unit tests, each in two of them, so that every setting has some. */
function searchedIn(at: number): readonly Strategy[] {
  const part = strategies.filter(
    (strategy, index) =>
      thorough.has(strategy) || index % (settings.length / 2) === at % (settings.length / 2),
  );
  return allOr(strategies, part);
}

describe.each(settings)('$start, $actors, $pages pages', ({ start, actors, pages }) => {
  const setting = settingFor(start, actors, pages);
  const limits = { witnessStatesMax: 0, countStatesMax: 60_000 };

  it.each(searchedIn(settings.findIndex((each) => each.start === start && each.actors === actors)))(
    '$name: every combination of reductions finds the same',
    (strategy) => {
      const tried = thorough.has(strategy) ? combinationsIn(setting) : ends;
      const all = tried.map((reductions) => explore({ setting, strategy, reductions, limits }));

      expect(all.length).toBeGreaterThan(1);
      expect(all.every(({ complete }) => complete)).toBe(true);
      const counted = all.filter(({ interleavings }) => interleavings !== null);
      const uncounted = all.map((result) =>
        Object.assign({}, result, { interleavings: null, violationProbability: null }),
      );
      expect(new Set(counted.map((result) => JSON.stringify(findings(result)))).size).toBeLessThanOrEqual(1);
      expect(new Set(uncounted.map((result) => JSON.stringify(findings(result)))).size).toBe(1);
    },
  );

  it('agrees where reads, their setup and page trylocks may fail', () => {
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

// Some more than without the rule of grace periods: who may still look at a freed buffer is a part of the state.
describe('state counts without any reduction', () => {
  const reductions = { symmetry: false, partialOrder: false, mergeValues: false };

  it.each([
    { start: 'primed', actors: 'finder=1,reclaim=1', pages: 1, states: 715 },
    { start: 'primed', actors: 'finder=2,reclaim=1', pages: 1, states: 22_928 },
    { start: 'primed', actors: 'finder=1,reclaim=1', pages: 4, states: 1_333 },
    { start: 'primed', actors: 'finder=1,reclaim=2', pages: 2, states: 11_348 },
    { start: 'primed', actors: 'finder=1,reclaim=1,end-io=1', pages: 1, states: 7_022 },
    { start: 'cold', actors: 'readahead=1,reclaim=2', pages: 1, states: 1_329 },
    { start: 'cold', actors: 'read=1,reclaim=1,end-io=1', pages: 1, states: 1_185 },
  ])('are $states for $actors from $start, $pages pages', ({ start, actors, pages, states }) => {
    const result = explore({
      setting: settingFor(start, actors, pages),
      strategy: upstream,
      reductions,
      limits: { countStatesMax: 0 },
    });

    expect(result.states).toBe(states);
  });
});

describe('like actors', () => {
  const setting = settingFor('primed', 'finder=2,reclaim=1');
  const [first, ...rest] = setting.actors;
  if (first === undefined) throw new Error('there is no finder');
  /** Two finders of a role whose first operation is this. */
  const finders = (run: Operation['run']): Setting => {
    const [find, ...others] = first.role.program;
    const role = { ...first.role, program: [{ name: find?.name ?? '', run }, ...others] };
    return {
      ...setting,
      actors: setting.actors.map((actor) => Object.assign({}, actor, actor.role === first.role && { role })),
    };
  };

  it('are refused if they are not, since their role uses more of their number than the page', () => {
    const unlike = finders(({ model, ordinal }: ActorContext<ExtentBufferModel>) =>
      ordinal === 0 ? model.findExtentBuffer() : 0,
    );

    expect(rest).toHaveLength(2);
    expect(() => explore({ setting: unlike, strategy: upstream })).toThrow(
      /^finder: number 1 does not do what number 0 does, on the same page/,
    );
  });

  it('may use it to choose a page', () => {
    const alike = finders(({ model, ordinal, geometry }: ActorContext<ExtentBufferModel>) =>
      ordinal % geometry.pages === 0 ? model.findExtentBuffer() : 0,
    );

    expect(explore({ setting: alike, strategy: upstream }).verdict).toBe('holds');
  });
});
