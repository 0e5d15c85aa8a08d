import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { ALL_REDUCTIONS, NO_REDUCTIONS, type Reductions } from '../../src/explore/search/session.ts';
import { replayExactly } from '../../src/explore/witness/replay.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import { scenarios } from '../../src/catalog/registry.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { exploreReport } from '../../src/report/explore-report.ts';
import { plain } from '../../src/report/paint.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { announcing } from '../helpers/announcing.ts';
import { allOr } from '../helpers/full.ts';
import { idsOf } from '../helpers/searched-plug-in.ts';

const announce = announcing('announce', () => {});
const withFence = announcing('announce, smp_mb', (memory) => memory.smpMb());
const withAtomic = announcing('announce, cmpxchg', (memory, word) => void memory.atomicCmpxchg(word, 1, 1));
const withWriteBarrier = announcing('announce, smp_wmb', (memory) => memory.smpWmb());

const SETTING = { scenario: readaheadVsReleasepage, start: 'primed', pages: 1 };
const WITHOUT_MERGING: Reductions = { ...NO_REDUCTIONS, mergeValues: true };

function searched(
  strategy: Strategy,
  ordering: Ordering,
  reductions: Reductions = ALL_REDUCTIONS,
): ExploreResult {
  const setting = resolveSetting({ ...SETTING, ordering });
  return explore({ setting, strategy, reductions, limits: { countStatesMax: 0 } });
}

describe('a store that waits behind a load', () => {
  it('breaks what sequential consistency proves', () => {
    expect(searched(announce, 'sc').verdict).toBe('holds');
    expect(idsOf(searched(announce, 'x86'))).toEqual(['B1']);
  });

  it.each([withFence, withAtomic])('is made visible first by a full barrier: $name', (strategy) => {
    expect(searched(strategy, 'sc').verdict).toBe('holds');
    expect(searched(strategy, 'x86').verdict).toBe('holds');
  });

  it('is not by a write barrier', () => {
    expect(idsOf(searched(withWriteBarrier, 'x86'))).toEqual(['B1']);
  });

  it.each([announce, withFence])('does so with and without reductions: $name', (strategy) => {
    const reduced = searched(strategy, 'x86');
    const full = searched(strategy, 'x86', NO_REDUCTIONS);

    expect(full.states).toBeGreaterThan(reduced.states);
    expect(idsOf(full)).toEqual(idsOf(reduced));
    expect(full.outcomes).toEqual(reduced.outcomes);
  });
});

describe('a witness under x86', () => {
  const { violations } = searched(announce, 'x86');
  const [violation] = violations;
  const text = violation?.witness?.schedule ?? '';

  it('is a schedule that says so, and replays', () => {
    const schedule = parseSchedule(text);

    expect(schedule.ordering).toBe('x86');
    expect(text).toMatch(
      /^eb2:readahead-vs-releasepage:primed:announce:finder=1,reclaim=1:p1:x86:[ab\dAB]+$/,
    );
    const { end, steps } = replayExactly({
      ...schedule,
      setting: settingNamed(schedule),
      strategy: announce,
      chances: schedule,
    });
    expect(end).toMatchObject({ kind: 'violated', invariant: 'B1' });
    expect(steps.length).toBe(schedule.moves.length);
  });

  it('has a line where each store becomes visible, which changes memory there and not before', () => {
    const steps = violation?.witness?.steps ?? [];
    const made = steps.findIndex(({ operation, field }) => operation === 'WRITE_ONCE' && field === 'fs.io');
    const visible = steps.findIndex(({ field, isVisible }) => isVisible === true && field === 'fs.io');

    expect(steps[made]?.changes).toEqual([]);
    expect(steps[visible]?.changes).toEqual([{ word: 'fs.io', before: '0', after: '1' }]);
    expect(visible).toBeGreaterThan(made + 1);
    // What releasepage looked at between the two.
    const between = steps.slice(made, visible).filter(({ actor, field }) => actor === 1 && field === 'fs.io');
    expect(between.map(({ result }) => result)).toEqual(['0']);
  });

  it('costs what its actors are stopped, not what becomes visible', () => {
    expect(violation?.witness).toMatchObject({ preemptions: 2, switches: 3 });
  });

  it('is impossible where stores do not wait, as far as the strategy goes', () => {
    const schedule = parseSchedule(text);
    const setting = settingNamed({ ...schedule, ordering: 'sc' });

    expect(() =>
      replayExactly({ setting, strategy: announce, moves: schedule.moves, chances: schedule }),
    ).toThrow('impossible');
  });

  it('and its report name the ordering', () => {
    const report = exploreReport(searched(announce, 'x86'), ['finder', 'reclaim'], plain);

    expect(report).toContain('Verdict: VIOLATED under x86-TSO: B1');
    expect(report).toMatch(/~ WRITE_ONCE\(fs\.io, 1\) is visible/);
    expect(exploreReport(searched(withFence, 'x86'), [], plain)).toMatch(
      /A proof for these .* under\s+x86-TSO;/s,
    );
    expect(exploreReport(searched(withFence, 'sc'), [], plain)).not.toContain('x86');
  });
});

describe('the reductions under x86', () => {
  const settings = scenarios.flatMap((scenario) =>
    scenario.starts.flatMap((start) =>
      scenario.subject.strategies.map((strategy) => ({ scenario, start: start.name, strategy })),
    ),
  );
  // A part that has each scenario under some strategy.
  const part = allOr(
    settings,
    settings.filter((_, index) => index % 11 === 0),
  );
  const limits = { statesMax: 300_000, countStatesMax: 0, witnessStatesMax: 0 };

  it.each(part.map((one) => [`${one.scenario.name}, ${one.start}, ${one.strategy.name}`, one] as const))(
    'leave what they leave under sc, and some states more: %s',
    (_name, { scenario, start, strategy }) => {
      const under = (ordering: Ordering, reductions: Reductions): ExploreResult =>
        explore({
          setting: resolveSetting({ scenario, start, pages: 1, ordering }),
          strategy,
          limits,
          reductions,
        });
      const sc = under('sc', ALL_REDUCTIONS);
      const x86 = under('x86', ALL_REDUCTIONS);
      const full = under('x86', WITHOUT_MERGING);

      expect(full.complete).toBe(true);
      expect(idsOf(x86)).toEqual(idsOf(full));
      expect(x86.outcomes).toEqual(full.outcomes);
      expect(x86.states).toBeLessThanOrEqual(1.6 * sc.states);
      // What is possible in order is possible.
      expect(idsOf(x86)).toEqual(expect.arrayContaining([...idsOf(sc)]));
      expect(x86.outcomes).toEqual(expect.arrayContaining([...sc.outcomes]));
    },
  );
});
