import { describe, expect, it } from 'vitest';
import {
  explore,
  type ExploreLimits,
  type ExploreOptions,
  type ExploreResult,
} from '../../src/explore/explore.ts';
import { exploreOnThreads } from '../../src/explore/explore-on-threads.ts';
import { NO_REDUCTIONS } from '../../src/explore/search/session.ts';
import { earlyCheck } from '../../src/subject/extent-buffer/v5.7/strategies/early-check.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';

/** Threads from the first hundred states on. */
const inlineStatesMax = 100;
const limits: Partial<ExploreLimits> = { countStatesMax: 5000 };
/** Where it is the search alone that counts: schedules and witnesses are looked for in the calling thread, in other cases. */
const searchOnly = allOr(limits, { countStatesMax: 0, witnessStatesMax: 0 });

function withoutDepth(result: ExploreResult): unknown {
  return { ...result, depthMax: null };
}

/** Each case is searched by both numbers of threads in the project `full`, and by one of them here, by turns. */
const cases: readonly (readonly [string, ExploreOptions])[] = [
  ['a proof', { setting: settingFor('primed', 'finder=3,reclaim=1'), strategy: upstream, limits }],
  [
    'a proof from cold',
    { setting: settingFor('cold', 'readahead=2,reclaim=1', allOr(2, 1)), strategy: upstream, limits },
  ],
  ['the seed race', { setting: settingFor('primed', 'finder=2,reclaim=1'), strategy: none, limits }],
  [
    'a wrong fix',
    { setting: settingFor('cold', 'readahead=2,reclaim=1'), strategy: earlyCheck, limits: searchOnly },
  ],
  [
    'a search without reductions',
    {
      setting: settingFor('primed', 'finder=2,reclaim=1'),
      strategy: upstream,
      reductions: NO_REDUCTIONS,
      limits: { countStatesMax: 0 },
    },
  ],
  [
    'reads and page trylocks that fail',
    {
      setting: settingFor('primed', 'finder=1,reclaim=1,end-io=1'),
      strategy: none,
      chances: { readsFail: true, trylocksFail: true },
      limits: searchOnly,
    },
  ],
];

describe('a search on several threads', () => {
  it.each(cases.map((row, index) => [...row, index] as const))(
    'finds what one thread finds: %s',
    async (_what, options, index) => {
      const alone = explore(options);

      for (const threads of allOr([2, 3], [2 + (index % 2)])) {
        const shared = await exploreOnThreads({ ...options, threads, inlineStatesMax });

        expect(shared.depthMax).toBeNull();
        expect(withoutDepth(shared)).toEqual(withoutDepth(alone));
      }
    },
  );

  it('of one thread goes the same way, however deep', async () => {
    const [, options] = cases[0] ?? [];
    if (options === undefined) throw new Error('there is no case');

    expect(await exploreOnThreads({ ...options, threads: 1, inlineStatesMax })).toEqual(explore(options));
  });

  it('stays on the calling thread as long as it is small', async () => {
    const options = { setting: settingFor('primed', 'finder=1,reclaim=1'), strategy: upstream };
    const went: boolean[] = [];

    const result = await exploreOnThreads({ ...options, threads: 2, onThreads: (are) => went.push(are) });

    expect(result).toEqual(explore(options));
    expect(went).toEqual([]);
  });
});

describe('a search on several threads that does not end by itself', () => {
  const options = {
    setting: settingFor('primed', 'finder=3,reclaim=2', 2),
    strategy: upstream,
    threads: 2,
    inlineStatesMax,
  };

  it.each([
    ['states', { statesMax: 20_000 }],
    ['steps', { stepsMax: 20_000 }],
  ] as const)('keeps the limit of %s', async (endedBy, given) => {
    const result = await exploreOnThreads({ ...options, limits: { ...given, countStatesMax: 0 } });

    expect(result).toMatchObject({ verdict: 'bounded', complete: false, endedBy });
    // Two threads look every 1024 transitions.
    expect(result[endedBy === 'steps' ? 'transitions' : 'states']).toBeLessThan(20_000 + 4 * 1024);
    expect(result.missingEstimate).toBeGreaterThan(0);
    expect(result.missingEstimate).toBeLessThanOrEqual(1);
  });

  it('keeps the limit of time', async () => {
    let now = 0;

    const result = await exploreOnThreads({
      ...options,
      // The calling thread looks at the clock a few times, and then every 20 ms.
      limits: { timeMaxMs: 20, countStatesMax: 0 },
      clock: () => now++,
    });

    expect(result).toMatchObject({ verdict: 'bounded', endedBy: 'time' });
  });

  it('ends with what it has when it is interrupted', async () => {
    const interrupt = new AbortController();

    const result = await exploreOnThreads({
      ...options,
      signal: interrupt.signal,
      onThreads: (areRunning) => {
        if (areRunning) interrupt.abort();
      },
    });

    expect(result).toMatchObject({ verdict: 'bounded', complete: false, endedBy: 'interrupt' });
  });

  it.each([
    ['exits', /^a thread of the search exited with code 3$/],
    ['throws', /^a thread of the search threw RangeError: planted$/],
    ['exhausts-memory', /^a thread of the search ran out of memory \(256 MB\)$/],
  ])('says so if a thread %s', async (name, message) => {
    const worker = new URL(`search-workers/${name}.mjs`, import.meta.url);

    await expect(exploreOnThreads({ ...options, worker })).rejects.toThrow(message);
  });
});
