import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { earlyCheck } from '../../src/subject/extent-buffer/v5.7/strategies/early-check.ts';
import { lockedIoPages } from '../../src/subject/extent-buffer/v5.7/strategies/locked-io-pages.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { EB_REFS, EB_REFS_LOCK, type ExtentBuffer } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { EXTENT_BUFFER_TREE_REF } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import { EB_BFLAGS } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';

const noCount = { countStatesMax: 0 };

/** Upstream, with a bug planted into check_buffer_tree_ref. */
function planted(name: string, check: (model: Tools, eb: ExtentBuffer) => boolean): Strategy {
  return {
    ...upstream,
    name,
    extend: (Base) =>
      class Planted extends Base {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          return check(this.mem, eb);
        }
      },
  };
}
type Tools = ConstructorParameters<ReturnType<Strategy['extend']>>[0]['memory'];

const dropsUnlock = planted('drops-unlock', (mem, eb) => {
  if (mem.atomicRead(eb + EB_REFS) >= 2 && mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) return false;
  mem.spinLock(eb + EB_REFS_LOCK);
  const wasClear = !mem.testAndSetBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
  if (wasClear) mem.atomicInc(eb + EB_REFS);
  return wasClear;
});

const dropsInc = planted('drops-inc', (mem, eb) => {
  if (mem.atomicRead(eb + EB_REFS) >= 2 && mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) return false;
  mem.spinLock(eb + EB_REFS_LOCK);
  const wasClear = !mem.testAndSetBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
  mem.spinUnlock(eb + EB_REFS_LOCK);
  return wasClear;
});

const dropsBit = planted('drops-bit', (mem, eb) => {
  if (mem.atomicRead(eb + EB_REFS) >= 2) return false;
  mem.spinLock(eb + EB_REFS_LOCK);
  mem.atomicInc(eb + EB_REFS);
  mem.spinUnlock(eb + EB_REFS_LOCK);
  return true;
});

describe('planted bugs', () => {
  it('finds the deadlock behind a lock that is not given back, and says who waits for whom', () => {
    const result = explore({ setting: settingFor('primed', 'finder=1,reclaim=1'), strategy: dropsUnlock });

    expect(result.verdict).toBe('violated');
    const deadlock = result.violations.find(({ invariant }) => invariant === 'deadlock');
    expect(deadlock?.witness?.blocked).toContainEqual(
      expect.objectContaining({ operation: 'spin_lock', field: 'eb0.refs_lock' }),
    );
  });

  it.each([dropsInc, dropsBit])('finds what $name breaks', (strategy) => {
    const result = explore({ setting: settingFor('primed', 'finder=1,reclaim=1'), strategy });

    expect(result.verdict).toBe('violated');
    for (const { witness } of result.violations) expect(witness).not.toBeNull();
  });

  it('refuses a strategy that keeps something in its model', () => {
    const strategy: Strategy = {
      ...upstream,
      extend: (Base) =>
        class Remembers extends Base {
          seen = 0;
          override checkBufferTreeRef(eb: ExtentBuffer): boolean {
            this.seen++;
            return super.checkBufferTreeRef(eb);
          }
        },
    };

    expect(() => explore({ setting: settingFor('primed', 'finder=1,reclaim=1'), strategy })).toThrow(
      /keeps something in its model/,
    );
  });
});

describe('the controls', () => {
  it.each([none, earlyCheck, lockedIoPages])(
    '$name is violated from primed with two preemptions',
    (strategy) => {
      const result = explore({ setting: settingFor('primed', 'finder=1,reclaim=1', 2), strategy });

      expect(result.verdict).toBe('violated');
      expect(result.violations.map(({ invariant }) => invariant)).toEqual(['B1']);
      expect(result.violations[0]?.witness?.preemptions).toBeLessThanOrEqual(2);
      expect(result.violations[0]?.witness?.steps.at(-1)?.field).toBe('eb0.io_pages');
    },
  );

  it.each([none, earlyCheck, lockedIoPages])('$name is violated from cold', (strategy) => {
    const result = explore({
      setting: settingFor('cold', 'readahead=2,reclaim=1'),
      strategy,
      limits: { ...noCount, witnessStatesMax: 0 },
    });

    expect(result.violations.map(({ invariant }) => invariant)).toEqual(['B1']);
  });
});

describe('upstream holds', () => {
  const primed = [1, 2, 3].flatMap((finders) =>
    [1, 2].flatMap((reclaims) => [1, 2, 4].map((pages) => ({ finders, reclaims, pages }))),
  );
  const isSmall = ({ finders, reclaims, pages }: (typeof primed)[number]): boolean =>
    finders + reclaims < 4 || pages === 1;

  it.each(allOr(primed, primed.filter(isSmall)))(
    'from primed: $finders finders, $reclaims reclaims, $pages pages',
    ({ finders, reclaims, pages }) => {
      const setting = settingFor('primed', `finder=${finders},reclaim=${reclaims}`, pages);

      const result = explore({ setting, strategy: upstream, limits: noCount });

      expect(result).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
      expect(result.outcomes.map(({ name }) => name)).toContain('rescued');
    },
  );

  it.each(allOr([1, 2], [1]))('from cold with two readaheads and a reclaim, %i pages', (pages) => {
    const setting = settingFor('cold', 'readahead=2,reclaim=1', pages);

    const result = explore({ setting, strategy: upstream, limits: noCount });

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
  });
});

describe('a limit', () => {
  it.each([
    ['steps', { stepsMax: 1000 }],
    ['states', { statesMax: 1000 }],
  ] as const)('of %s gives no proof and says what is missing', (endedBy, limits) => {
    const result = explore({
      setting: settingFor('primed', 'finder=2,reclaim=1'),
      strategy: upstream,
      limits,
    });

    expect(result).toMatchObject({ verdict: 'bounded', complete: false, endedBy });
    expect(result.missingEstimate).toBeGreaterThan(0);
    expect(result.missingEstimate).toBeLessThan(1);
  });

  it('of time is asked of the injected clock', () => {
    let now = 0;
    const setting = settingFor('primed', 'finder=3,reclaim=1');

    const result = explore({ setting, strategy: upstream, limits: { timeMaxMs: 2 }, clock: () => now++ });

    expect(result).toMatchObject({ verdict: 'bounded', endedBy: 'time' });
  });
});

it('gives the same bytes twice', () => {
  const once = (): string =>
    JSON.stringify(
      explore({ setting: settingFor('primed', 'finder=2,reclaim=1'), strategy: none, limits: noCount }),
    );

  expect(once()).toBe(once());
});
