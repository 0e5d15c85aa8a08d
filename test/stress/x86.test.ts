/** Threads whose stores wait in the store buffers of an x86-64. */
import { describe, expect, it } from 'vitest';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { explore } from '../../src/explore/explore.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import { rerunCommand } from '../../src/report/rerun-command.ts';
import { plain } from '../../src/report/paint.ts';
import { stressReport } from '../../src/report/run-report.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import type { StressResult } from '../../src/stress/result/result.ts';
import { calibrate } from '../../src/stress/run/calibrate.ts';
import { runAgree } from '../../src/study/agree.ts';
import { explained, runExplain } from '../../src/study/explain.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { recordStress, runStress } from '../../src/stress/run/run.ts';
import { runOptions } from '../helpers/run-options.ts';
import { idsOf } from '../helpers/searched-plug-in.ts';

const ANNOUNCE = './test/stress/strategies/announce-line.mjs';
const WITH_BARRIER = './test/stress/strategies/announce-line-mb.mjs';

function stressed(strategy: string, ordering: Ordering): Promise<StressResult> {
  const base = runOptions({ budget: { kind: 'trials', count: 200_000 }, ordering, pages: 1 });
  return runStress({ ...base, strategy, hasControl: true });
}

async function proved(strategy: string, ordering: Ordering): Promise<readonly string[]> {
  const scenario = scenarioNamed('readahead-vs-releasepage');
  const setting = resolveSetting({ scenario, start: 'primed', pages: 1, ordering });
  const loaded = await loadStrategy(strategy, scenario.subject);
  return idsOf(explore({ setting, strategy: loaded, limits: { countStatesMax: 0, witnessStatesMax: 0 } }));
}

describe.runIf(process.arch === 'x64')('threads whose stores wait', () => {
  it('never do what no x86-64 does', async () => {
    const { tests, shows } = await calibrate(1, undefined);

    expect(tests.map(({ wants }) => wants)).toEqual(['some', 'none', 'none']);
    expect(tests.every(({ trials }) => trials > 0)).toBe(true);
    expect(shows).not.toBe('other-order');
  });

  it.each([ANNOUNCE, WITH_BARRIER, 'announce-find', 'upstream', 'none'])(
    'violate only what a search under x86-TSO finds: %s',
    async (strategy) => {
      const { arms, calibration, config } = await stressed(strategy, 'x86');
      const reachable = await proved(strategy, 'x86');

      expect(config.ordering).toBe('x86');
      expect(calibration?.shows).not.toBe('other-order');
      expect(reachable).toEqual(expect.arrayContaining(Object.keys(arms[0]?.violations.byInvariant ?? {})));
    },
  );

  it('have beside the usual control one that only violates there', async () => {
    const result = await stressed('upstream', 'x86');
    const { arms, calibration, verdict } = result;
    const [, none, announce] = arms;

    expect(arms.map(({ strategy, isControl }) => [strategy, isControl])).toEqual([
      ['upstream', false],
      ['none', true],
      ['announce-find', true],
    ]);
    expect(calibration?.control).toBe('announce-find');
    const isBorneOut =
      calibration?.shows === 'x86' && announce?.verdict === 'violated' && none?.verdict === 'violated';
    expect(isBorneOut || verdict === 'inconclusive').toBe(true);
    const text = stressReport(result, plain);
    expect(text).toMatch(/ordering +x86: stores wait/);
    expect(text).toContain('calibration: outcomes that no order of the accesses explains');
    expect(text).toMatch(/Verdict: [A-Z]+ under x86-TSO\./);
    const seen = arms.some(({ violations }) => violations.total > 0);
    expect(text.includes('ebtorture explain')).toBe(seen);
  });

  it('are asked for again by the command that is printed', async () => {
    const { config } = await stressed('none', 'x86');
    const lines = rerunCommand({ command: 'stress', strategies: ['none'], hasControl: true, config });

    expect(lines.join(' ')).toContain('--ordering x86');
  });
});

describe.runIf(process.arch === 'x64')('what threads whose stores wait have shown', () => {
  const race = {
    ...runOptions({ budget: { kind: 'duration', ms: 10_000 }, ordering: 'x86', pages: 1 }),
    strategy: 'announce-find',
    hasControl: false,
  };

  it('lies within a search under x86-TSO, which has all that one under sc has', async () => {
    const { agreement, config } = await runAgree({
      ...runOptions({ budget: { kind: 'trials', count: 100_000 }, ordering: 'x86', pages: 1 }),
      strategies: ['none', 'upstream'],
    });

    expect(config.strategies).toEqual(['none', 'upstream', 'announce-find']);
    expect(agreement).toMatchObject({ verdict: 'agrees', ordering: 'x86' });
    for (const { unexplored, sequential } of agreement?.arms ?? []) {
      expect(unexplored).toEqual([]);
      expect(sequential).toMatchObject({ missing: [], incomplete: null });
      expect(sequential?.states).toBeGreaterThan(0);
    }
  });

  it('is explained by an interleaving in which a store waits, and by none in which it does not', async () => {
    const result = await runExplain(race);

    expect(['explained', 'inconclusive']).toContain(result.verdict);
    expect(result.verdict === 'explained').toBe((result.arms[0]?.violations.total ?? 0) > 0);
    if (result.explanation === null) return;
    expect(result.explanation.schedule).toMatch(/^eb2:.*:x86:/);
    expect(result.explanation.inOrder).toBe('impossible');
    expect(result.explanation.steps.some(({ isVisible }) => isVisible === true)).toBe(true);
  });

  it('is refused loudly once a single result was changed', async () => {
    const { kept } = await recordStress(race);
    const { trial } = kept;
    if (trial === undefined) return;
    const [finder = [], ...others] = trial.logs;
    const refs = finder.indexOf(2);
    const changed = finder.map((result, place) => (place === refs ? 7 : result));

    const honest = await explained(race, settingNamed(race), trial);
    const planted = await explained(race, settingNamed(race), { ...trial, logs: [changed, ...others] });

    expect(honest.verdict).toBe('explained');
    expect(planted.verdict).toBe('contradicted');
  });
});

describe('threads whose stores do not wait', () => {
  it('never violate what holds under sequential consistency, and say nothing of an ordering', async () => {
    const { arms, calibration, config } = await stressed(ANNOUNCE, 'sc');

    expect(await proved(ANNOUNCE, 'sc')).toEqual([]);
    expect(arms[0]?.violations.total).toBe(0);
    expect(arms.map(({ strategy }) => strategy)).toEqual(['announce-line', 'none']);
    expect(calibration).toBeUndefined();
    expect(config).not.toHaveProperty('ordering');
  });

  it('are all there is to the Linux memory model on threads', async () => {
    await expect(stressed('none', 'lkmm-stores')).rejects.toThrow('threads have sc or x86');
  });
});
