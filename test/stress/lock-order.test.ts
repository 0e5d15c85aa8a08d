/** Circles of kinds of locks in the sample of a run on threads: the planted ones that cannot deadlock, and their repaired twins. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { exploreOnThreads } from '../../src/explore/explore-on-threads.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { LockCycle } from '../../src/memory/lock-order.ts';
import { plain } from '../../src/report/paint.ts';
import { stressReport } from '../../src/report/run-report.ts';
import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import type { StressOptions } from '../../src/stress/plan/options.ts';
import type { StressResult } from '../../src/stress/result/result.ts';
import { stressed } from '../../src/study/rests-on.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { runOptions } from '../helpers/run-options.ts';
import { isFull } from '../helpers/full.ts';

const SOURCE = './test/stress/scenarios/lock-order.mjs';
await loadScenario(SOURCE);
const INVERTED = './test/stress/strategies/locks-inverted.mjs';

const run = (change: Partial<StressOptions>): Promise<StressResult> =>
  stressed(
    runOptions({
      strategy: 'none',
      hasControl: false,
      budget: { kind: 'trials', count: 2_000 },
      ...change,
    }),
  );

const circlesOf = (cycles: readonly LockCycle[] = []): readonly string[] =>
  cycles.map(({ locks }) => locks.join(' > '));

describe('two locks that are taken both ways', () => {
  it('are found where an outer lock keeps their holders apart, as a search finds them', async () => {
    const result = await run({ strategy: INVERTED });
    const [arm] = result.arms;
    const strategy = await loadStrategy(INVERTED, extentBuffer);
    const setting = settingFor('primed', 'finder=1,reclaim=1');
    const search = await exploreOnThreads({ setting, strategy, threads: 1 });

    expect(arm?.violations.total).toBe(0);
    expect(search.verdict).toBe('holds');
    expect(circlesOf(arm?.lockOrder)).toEqual(['buffer_lock > private_lock']);
    expect(arm?.lockOrder).toEqual(search.lockOrder);
    const text = stressReport(result, plain).replaceAll(/\s+/g, ' ');
    expect(text).toMatch(
      /INTERESTING for \S+: possible circular locking \(buffer_lock > private_lock > buffer_lock\), in \S+ more trials/,
    );
    expect(text).toContain('finder wants private_lock in find_extent_buffer while it holds buffer_lock');
    expect(text).toContain('That is no violation.');
  });

  it('are none in the built-in fix', async () => {
    const { arms } = await run({ strategy: 'upstream' });

    expect(arms[0]?.coverage?.trials).toBeGreaterThan(0);
    expect(arms[0]).not.toHaveProperty('lockOrder');
  });
});

describe('of operations of a scenario', () => {
  const circled: readonly (readonly [string, readonly string[]])[] = [
    ['gated', ['eb.refs_lock > private_lock']],
    ['reading', ['fs.own0 > fs.own1']],
    ['nested', ['eb.refs_lock']],
    ['pages-backward', ['page.flags:LOCKED']],
  ];

  it.runIf(isFull).each(circled)('a circle is found: %s', async (start, circles) => {
    const { arms } = await run({ scenario: SOURCE, start, pages: 2 });

    expect(arms).toMatchObject([{ trials: 2_000, violations: { total: 0 } }]);
    expect(circlesOf(arms[0]?.lockOrder)).toEqual(circles);
  });

  it.runIf(isFull).each(['gated-in-order', 'tried', 'pages', 'handed-over'])(
    'there is none: %s',
    async (start) => {
      const { arms } = await run({ scenario: SOURCE, start, pages: 2 });

      expect(arms).toMatchObject([{ trials: 2_000, violations: { total: 0 } }]);
      expect(arms[0]?.coverage?.trials).toBeGreaterThan(0);
      expect(arms[0]).not.toHaveProperty('lockOrder');
    },
  );
});
