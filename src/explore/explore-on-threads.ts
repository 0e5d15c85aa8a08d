import { findScenario } from '../catalog/registry.ts';
import { Exploration, type ExploreOptions, type ExploreResult } from './explore.ts';
import { beginSearch, type SearchFound } from './search/search.ts';
import type { ThreadOptions } from './search/search-threads.ts';

/** What `exploreOnThreads` takes. */
export interface ExploreOnThreadsOptions extends ExploreOptions, ThreadOptions {
  /** States up to which one thread is faster than starting several, 2 million at most. @default 400,000 */
  readonly inlineStatesMax?: number | undefined;
  /** Called when the search goes over to threads, and when it has come back from them. */
  readonly onThreads?: ((areRunning: boolean) => void) | undefined;
}

/** Less than half a second of work: to start threads and to hand over to them takes a good part of that. */
const INLINE_STATES_MAX = 400_000;
/** What the first table of the threads has room for. */
const INLINE_STATES_LIMIT = 2_000_000;

/**
 * `explore` on several threads: a small search is made by the calling thread, with a larger one others go on, so
 * that it can be interrupted. The result is the same, but for `depthMax`, and where a limit ends a search in which more
 * than one thread takes part.
 *
 * @throws {SearchThreadError} If a thread ends before the search does.
 */
export async function exploreOnThreads(options: ExploreOnThreadsOptions): Promise<ExploreResult> {
  const exploration = new Exploration(options);
  const { session, limits, clock } = exploration;
  const startedAt = clock();
  // The threads look scenarios up by name.
  const { scenario } = options.setting;
  const statesHere =
    findScenario(scenario.name) === scenario
      ? Math.min(options.inlineStatesMax ?? INLINE_STATES_MAX, INLINE_STATES_LIMIT)
      : Infinity;
  const begun = beginSearch(session, limits, clock, statesHere);
  if (begun.rest === undefined) return exploration.conclude(begun.found);
  const { searchOnThreads } = await import('./search/search-threads.ts');
  return exploration.conclude(await onThreads());

  async function onThreads(): Promise<SearchFound> {
    options.onThreads?.(true);
    try {
      const timeMaxMs = limits.timeMaxMs - (clock() - startedAt);
      return await searchOnThreads(session, { ...limits, timeMaxMs }, clock, { ...options, begun });
    } finally {
      options.onThreads?.(false);
    }
  }
}
