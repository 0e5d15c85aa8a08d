/**
 * The built engine: what users run. From sources the arms share their code and a loader's helpers run in every call, which
 * makes the engine several times slower.
 */
import type { Session as SourceSession, SessionParts } from '../src/stress/session/session.ts';
import type { hunt as sourceHunt } from '../src/study/hunt/hunt.ts';
import type { SearchPool as SourceSearchPool } from '../src/study/search-pool.ts';

const built = (await import(new URL('../dist/stress/session/session.js', import.meta.url).href)) as {
  readonly Session: new (parts: SessionParts) => SourceSession;
};
const searching = (await import(new URL('../dist/study/search-pool.js', import.meta.url).href)) as {
  readonly SearchPool: new () => SourceSearchPool;
};
const hunting = (await import(new URL('../dist/study/hunt/hunt.js', import.meta.url).href)) as {
  readonly hunt: typeof sourceHunt;
};

export const Session: new (parts: SessionParts) => SourceSession = built.Session;

/** Hunts in threads of the build. */
export const hunt: typeof sourceHunt = hunting.hunt;

/** Threads of the build that search settings. */
export const SearchPool: new () => SourceSearchPool = searching.SearchPool;
