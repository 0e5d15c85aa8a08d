import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { bioRef } from '../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import { cmpxchgRelease } from '../../src/subject/extent-buffer/v5.7/strategies/cmpxchg-release.ts';
import { handshakeFind } from '../../src/subject/extent-buffer/v5.7/strategies/handshake-find.ts';
import { recheckRelease } from '../../src/subject/extent-buffer/v5.7/strategies/recheck-release.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';

const noCount = { countStatesMax: 0 };

const small = [
  ...[1, 2, 4].map((pages) => ({ start: 'primed', actors: 'finder=1,reclaim=1', pages })),
  ...allOr([1, 2], [2]).map((pages) => ({ start: 'primed', actors: 'finder=2,reclaim=2', pages })),
  { start: 'primed', actors: 'finder=3,reclaim=1', pages: 1 },
  { start: 'primed', actors: 'finder=1,reclaim=1,end-io=1', pages: 1 },
  { start: 'primed', actors: 'finder=1,reclaim=2,end-io=1', pages: 2 },
  { start: 'cold', actors: 'readahead=1,reclaim=2', pages: 2 },
  { start: 'cold', actors: 'read=1,reclaim=1,end-io=1', pages: 1 },
];
/** From cold with two readaheads, each trylock_page may fail in the unit tests: those are all schedules, and more. */
const settings = allOr(
  [...small, ...[1, 2].map((pages) => ({ start: 'cold', actors: 'readahead=2,reclaim=1', pages }))],
  small,
);

describe.each([handshakeFind, cmpxchgRelease, recheckRelease, bioRef])('$name holds', (strategy) => {
  it.each(settings)('from $start: $actors, $pages pages', ({ start, actors, pages }) => {
    const result = explore({ setting: settingFor(start, actors, pages), strategy, limits: noCount });

    // Who allocates alone never finds a buffer: nothing that handshake-find adds ever happens.
    const isUntried = strategy === handshakeFind && start === 'cold' && actors !== 'readahead=2,reclaim=1';
    const verdict = isUntried ? 'vacuous' : 'holds';
    expect(result).toMatchObject({ verdict, complete: true, violations: [] });
    // The buffer is still read and still released: a fix that does neither would hold too.
    expect(result.outcomes.map(({ name }) => name)).toContain('read');
  });

  it('where every trylock_page may fail', () => {
    const setting = settingFor('cold', 'readahead=2,reclaim=1');

    const result = explore({ setting, strategy, limits: noCount, chances: { trylocksFail: true } });

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
    expect(result.outcomes.map(({ name }) => name)).toContain('read');
  });
});

describe('a strip of TREE_REF from a live user', () => {
  const stripsUnder = (strategy: typeof upstream): boolean =>
    explore({
      setting: settingFor('primed', 'finder=2,reclaim=1'),
      strategy,
      limits: noCount,
    }).outcomes.some(({ name }) => name === 'stripped' || name === 'rescued');

  it.each([upstream, handshakeFind, recheckRelease, bioRef])('remains possible with $name', (strategy) => {
    expect(stripsUnder(strategy)).toBe(true);
  });

  it('is impossible with cmpxchg-release', () => {
    expect(stripsUnder(cmpxchgRelease)).toBe(false);
  });
});

describe('a failed read, which names its buffer without a reference (kernel.md 1.12)', () => {
  const verdictOf = (strategy: typeof upstream): readonly string[] =>
    explore({
      setting: settingFor('primed', 'finder=1,reclaim=2,end-io=1', 2),
      strategy,
      chances: { readsFail: true },
      limits: { ...noCount, witnessStatesMax: 0 },
    }).violations.map(({ invariant }) => invariant);

  it.each([upstream, handshakeFind, cmpxchgRelease, recheckRelease])('touches it after $name', (strategy) => {
    expect(verdictOf(strategy)).toContain('UAF');
  });

  it('is covered by the reference of bio-ref', () => {
    expect(verdictOf(bioRef)).toEqual([]);
  });
});
