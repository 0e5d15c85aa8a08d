/** How the mend of 2015 and that of 2020 stand to each other. */
import { expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import { noHandshake } from '../../src/subject/extent-buffer/life/strategies/no-handshake.ts';
import type { LifeStrategy } from '../../src/subject/extent-buffer/life/strategy.ts';
import { staleReuse } from '../../src/subject/extent-buffer/life/scenarios/stale-reuse.ts';
import { EXTENT_BUFFER_STALE } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import { bufferAt, EB_BFLAGS } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { brokenIn, searched } from '../helpers/history.ts';

it('violates without the handshake of 2015, the fix of 2020 in place', async () => {
  const removed = await searched({
    scenario: 'stale-reuse',
    strategy: 'upstream~find_extent_buffer/test_bit.eb.bflags.STALE/false',
  });
  const whole = await searched({ scenario: 'stale-reuse', strategy: 'upstream' });

  expect(removed).toMatchObject({ verdict: 'violated', complete: true });
  expect(brokenIn(removed)).toContain('B1');
  expect(whole).toMatchObject({ complete: true, violations: [] });
});

it('is not mended by the fix of 2020 alone', () => {
  const alone: LifeStrategy = {
    ...noHandshake,
    name: 'upstream-alone',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each returns the class that it was given, extended
    extend: (Base) => upstream.extend(noHandshake.extend(Base)) as typeof Base,
  };
  const result = explore({
    setting: resolveSetting({ scenario: staleReuse, pages: 1 }),
    strategy: alone,
    limits: { countStatesMax: 0 },
  });

  expect(result).toMatchObject({ verdict: 'violated', complete: true });
  expect(brokenIn(result)).toContain('B1');
});

it('cannot happen to a buffer that is stale: its finder waits for releasepage', () => {
  const [primed] = readaheadVsReleasepage.starts;
  if (primed === undefined) throw new Error('there is no start state');
  const stale: typeof primed = {
    ...primed,
    name: 'stale',
    reset: (words, geometry, fs) => {
      primed.reset(words, geometry, fs);
      const bflags = bufferAt(fs, geometry, 0) + EB_BFLAGS;
      words[bflags] = (words[bflags] ?? 0) | (1 << EXTENT_BUFFER_STALE);
    },
  };
  const searchedFrom = (start: typeof primed) =>
    explore({
      setting: resolveSetting({ scenario: { ...readaheadVsReleasepage, starts: [start] }, pages: 1 }),
      strategy: none,
      limits: { countStatesMax: 0, witnessStatesMax: 0 },
    });

  expect(searchedFrom(primed)).toMatchObject({ verdict: 'violated' });
  expect(searchedFrom(stale)).toMatchObject({ verdict: 'holds', complete: true });
});
