import { describe, expect, it } from 'vitest';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { StressOptions } from '../../src/stress/plan/options.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { recordStress } from '../../src/stress/run/run.ts';
import { explained, runExplain } from '../../src/study/explain.ts';
import { runOptions } from '../helpers/run-options.ts';

/** Some violations in ten thousand trials, millions of trials a second, and half a minute to meet the first one. */
const race: StressOptions = runOptions({
  strategy: 'none',
  hasControl: false,
  pages: 4,
  budget: { kind: 'duration', ms: 30_000 },
});

describe('runExplain on real threads', () => {
  it('explains a violation by a schedule that replays to the same invariant', async () => {
    const result = await runExplain(race);

    expect(result.verdict).toBe('explained');
    const { moves, readsFail, trylocksFail, setupsFail } = parseSchedule(result.explanation?.schedule ?? '');
    const { end, unused } = replaySchedule({
      setting: settingNamed(race),
      strategy: none,
      moves,
      chances: { readsFail, trylocksFail, setupsFail },
    });
    expect(end).toMatchObject({ kind: 'violated', invariant: result.observed?.invariant });
    expect(unused).toBe(0);
    expect(result.arms[0]?.violations.total).toBeGreaterThan(0);
  });

  it('refuses the logs of a violation loudly once a single result was changed', async () => {
    const { kept } = await recordStress(race);
    const { trial = { check: 0, fs: 0, logs: [], isCut: false } } = kept;
    const [finder = [], ...others] = trial.logs;
    const refs = finder.indexOf(2);
    const changed = finder.map((result, place) => (place === refs ? 7 : result));

    const honest = await explained(race, settingNamed(race), trial);
    const planted = await explained(race, settingNamed(race), { ...trial, logs: [changed, ...others] });

    expect(honest.verdict).toBe('explained');
    expect(planted.verdict).toBe('contradicted');
    expect(planted.furthest.length).toBe(2);
  });

  it.each<{ readonly name: string; readonly options: Partial<StressOptions> }>([
    {
      name: 'cold, with failing trylocks',
      options: { start: 'cold', stride: 2, trylockFail: 0.3 },
    },
    {
      name: 'end-io with failing reads',
      options: {
        actors: [
          { role: 'finder', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        readFail: 0.3,
        stride: 4,
        pages: 2,
      },
    },
    { name: 'failing setups', options: { setupFail: 0.3 } },
    {
      name: 'chances that are as good as none',
      options: {
        actors: [
          { role: 'finder', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        readFail: 1e-12,
        setupFail: 1e-12,
      },
    },
  ])('never meets a violation that it cannot explain: $name', async ({ options }) => {
    const result = await runExplain({ ...race, budget: { kind: 'duration', ms: 1_000 }, ...options });

    expect(['explained', 'inconclusive']).toContain(result.verdict);
    expect(result.verdict === 'explained').toBe((result.arms[0]?.violations.total ?? 0) > 0);
  });

  it('has nothing to explain where nothing violates, and logs beside a control that does', async () => {
    const result = await runExplain({
      ...race,
      strategy: 'upstream',
      hasControl: true,
      budget: { kind: 'duration', ms: 800 },
    });

    expect(['clean', 'inconclusive']).toContain(result.verdict);
    expect(result).toMatchObject({ observed: null, explanation: null, lost: 0 });
    expect(result.arms[0]?.trials).toBeGreaterThan(0);
  });
});
