import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { parseActorsText } from '../../src/scenario/role-count.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import type { Chances, Reductions } from '../../src/explore/search/session.ts';

/** What is searched: of what is left out, the scenario's default. */
interface Searched {
  readonly scenario: string;
  readonly strategy: string;
  readonly start?: string;
  readonly actors?: string;
  readonly pages?: number;
  readonly chances?: Partial<Chances>;
  /** Whether a violation needs no witness. @default false */
  readonly isBrief?: boolean;
  readonly reductions?: Reductions;
}

/** What was searched before, in this file and others: nothing else comes out. */
const known = new Map<string, ExploreResult>();

/** A complete search of every schedule, on this thread. One with witnesses serves who needs none. */
export async function searched(what: Searched): Promise<ExploreResult> {
  const { isBrief = false } = what;
  const found = known.get(keyOf(what, false)) ?? (isBrief ? known.get(keyOf(what, true)) : undefined);
  if (found !== undefined) return found;
  const result = await search(what);
  known.set(keyOf(what, isBrief), result);
  return result;
}

function keyOf(
  { scenario, strategy, start, actors, pages, chances, reductions }: Searched,
  isBrief: boolean,
): string {
  // The first start state is the default.
  const from = start ?? scenarioNamed(scenario).starts[0]?.name;
  return JSON.stringify([scenario, strategy, from, actors, pages, chances, reductions, isBrief]);
}

async function search({
  scenario,
  strategy,
  start,
  actors,
  pages,
  chances,
  isBrief = false,
  reductions,
}: Searched): Promise<ExploreResult> {
  const declared = scenarioNamed(scenario);
  return explore({
    setting: resolveSetting({
      scenario: declared,
      start,
      actors: actors === undefined ? undefined : parseActorsText(actors),
      pages,
    }),
    strategy: await loadStrategy(strategy, declared.subject),
    ...(chances !== undefined && {
      chances: { readsFail: false, trylocksFail: false, setupsFail: false, ...chances },
    }),
    ...(reductions !== undefined && { reductions }),
    limits: { countStatesMax: 0, ...(isBrief && { witnessStatesMax: 0 }) },
  });
}

/** The invariants that a search has found broken. */
export function brokenIn({ violations }: ExploreResult): readonly string[] {
  return violations.map(({ invariant }) => invariant);
}
