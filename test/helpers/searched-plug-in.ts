import { expect } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { NO_REDUCTIONS } from '../../src/explore/search/session.ts';
import type {
  ExtentBufferClass as ModelClass,
  ExtentBufferStrategy as Strategy,
} from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from './explore-setting.ts';

/** A plug-in with the fix in it, so that what is found is its own doing. */
export function fixed(name: string, edit: (Base: ModelClass) => ModelClass): Strategy {
  return { ...upstream, name, isPlugIn: true, extend: (Base) => edit(upstream.extend(Base)) };
}

/** Searched with all reductions, and without any, which must come to the same. */
export function search(strategy: Strategy, actors = 'finder=1,reclaim=1', pages = 1): ExploreResult {
  const setting = settingFor('primed', actors, pages);
  const limits = { countStatesMax: 0 };
  const reduced = explore({ setting, strategy, limits });
  const full = explore({
    setting,
    strategy,
    limits: { ...limits, witnessStatesMax: 0 },
    reductions: NO_REDUCTIONS,
  });
  expect(idsOf(full)).toEqual(idsOf(reduced));
  expect(full.outcomes).toEqual(reduced.outcomes);
  return reduced;
}

/** The invariants that are violated. */
export function idsOf({ violations }: ExploreResult): readonly string[] {
  return violations.map(({ invariant }) => invariant);
}
