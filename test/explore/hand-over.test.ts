import { describe, expect, it } from 'vitest';
import { DepthFirst } from '../../src/explore/search/depth-first.ts';
import { aloneIn } from '../../src/explore/reduce/alone-in.ts';
import { FairCycles } from '../../src/explore/search/fair-cycles.ts';
import { beginSearch, searchAll } from '../../src/explore/search/search.ts';
import { ALL_REDUCTIONS, NO_CHANCES, NO_REDUCTIONS, Session } from '../../src/explore/search/session.ts';
import { VisitedSet } from '../../src/explore/search/visited-set.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../helpers/explore-setting.ts';

const NO_LIMITS = { stepsMax: Infinity, statesMax: Infinity, timeMaxMs: Infinity };
const clock = (): number => 0;

describe('a search that another one goes on with', () => {
  it.each([
    ['upstream', upstream, ALL_REDUCTIONS],
    ['none', none, ALL_REDUCTIONS],
    ['none, without reductions', none, NO_REDUCTIONS],
  ])('finds together with it what one alone finds: %s', (_what, strategy, reductions) => {
    const setting = settingFor('primed', 'finder=2,reclaim=1');
    const session = new Session({ setting, strategy, reductions, chances: NO_CHANCES });
    const alone = searchAll(session, NO_LIMITS, clock);

    for (const statesHere of [1, 2, 3, 10, 100, alone.states - 1]) {
      const { found, rest } = beginSearch(session, NO_LIMITS, clock, statesHere);
      if (rest === undefined) throw new Error('nothing was left');
      const other = session.attempt((machine) => {
        const visited = new VisitedSet();
        rest.visited.addTo(visited);
        const search = new DepthFirst({
          machine,
          visited,
          alone: reductions.partialOrder ? aloneIn(machine, session.futures.upToDate()) : undefined,
          cycles: new FairCycles(machine, session.futures.tables),
          symmetry: reductions.symmetry,
          poll: () => false,
          onGrowth: () => {},
        });
        expect(search.goOn(rest.open)).toBe(true);
        return search;
      });

      expect(found.states).toBe(statesHere);
      expect(statesHere + other.states).toBe(alone.states);
      expect(found.transitions + other.transitions).toBe(alone.transitions);
      expect(Math.max(found.depthMax ?? 0, other.depthMax)).toBe(alone.depthMax);
      expect(new Set([...found.violations, ...other.violations])).toEqual(alone.violations);
      expect(new Set([...found.outcomes, ...other.outcomes])).toEqual(alone.outcomes);
      expect(other.done).toBeCloseTo(1, 9);
    }
  });

  it('leaves nothing where it ends by itself, or by a limit', () => {
    const setting = settingFor('primed', 'finder=1,reclaim=1');
    const session = new Session({
      setting,
      strategy: upstream,
      reductions: ALL_REDUCTIONS,
      chances: NO_CHANCES,
    });

    expect(beginSearch(session, NO_LIMITS, clock, 1_000_000).rest).toBeUndefined();
    expect(beginSearch(session, { ...NO_LIMITS, statesMax: 5 }, clock, 5).rest).toBeUndefined();
    expect(beginSearch(session, { ...NO_LIMITS, stepsMax: 5 }, clock, 100).rest).toBeUndefined();
  });
});
