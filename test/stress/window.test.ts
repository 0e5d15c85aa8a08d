import { describe, expect, it } from 'vitest';
import { allOr } from '../helpers/full.ts';
import type { StressOptions } from '../../src/stress/plan/options.ts';
import { recordStress, runStress } from '../../src/stress/run/run.ts';
import { runWindow } from '../../src/stress/window/window.ts';
import type { WindowOptions } from '../../src/stress/window/window-options.ts';
import { runOptions } from '../helpers/run-options.ts';

const TRIALS = allOr(200, 40);
const base: Omit<WindowOptions, 'strategy'> = {
  scenario: 'readahead-vs-releasepage',
  pages: 4,
  points: 8,
  rangeNs: [-300, 300],
  seed: 1,
  budget: { kind: 'trials', count: TRIALS },
};

describe('runWindow on real threads', () => {
  it('visits every offset with every last toucher, and never lets upstream violate', async () => {
    const result = await runWindow({ ...base, strategy: 'upstream' });

    const offsets = new Set(result.profiles.flatMap(({ points }) => points.map(({ offsetNs }) => offsetNs)));
    expect(offsets.size).toBeLessThanOrEqual(8);
    // One sweep of two strategies, two last touchers and at least 5 different offsets.
    expect(result.visits.total).toBeGreaterThanOrEqual(2 * 2 * 5);
    expect(result.visits.total % 4).toBe(0);
    expect(result.starts).toBe(1);
    expect(result.verdict).not.toBe('violated');
    const own = result.profiles.filter(({ isControl }) => !isControl);
    expect(own.map(({ violations }) => violations.total)).toEqual(own.map(() => 0));
    for (const { trials } of result.profiles.flatMap(({ points }) => points)) expect(trials).toBe(TRIALS);
    for (const { nsPerRound } of result.calibration.spins) expect(nsPerRound).toBeGreaterThan(0.05);
  });

  it('takes three actors, of which those of the first role are shifted', async () => {
    const result = await runWindow({
      ...base,
      strategy: 'none',
      start: 'cold',
      budget: { kind: 'trials', count: 20 },
      // The first look visits whole offsets: 9 of them.
      rangeNs: [-4, 4],
      points: 8,
    });

    expect(result.calibration.shifted).toEqual(['readahead#0', 'readahead#1']);
    expect(result.calibration.spins.map(({ actor }) => actor)).toEqual([
      'readahead#0',
      'readahead#1',
      'reclaim',
    ]);
  });

  it('returns what was measured when it is interrupted', async () => {
    const controller = new AbortController();
    const result = await runWindow({
      ...base,
      strategy: 'none',
      rangeNs: [-6, 6],
      budget: { kind: 'duration', ms: 600_000 },
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });

    expect(result.isInterrupted).toBe(true);
    expect(result.visits.total).toBeGreaterThan(0);
    // Progress is told after each sweep: the second one was not made.
    expect(result.visits.total).toBeLessThanOrEqual(2 * 12);
  });
});

describe('launched trials of a run', () => {
  const options: StressOptions = runOptions({
    strategy: 'none',
    hasControl: false,
    pages: 4,
    budget: { kind: 'trials', count: 20_001 },
  });

  it('run exactly the trials asked for, and their outcomes add up to them', async () => {
    const { arms, config } = await runStress({ ...options, launch: { offsetNs: -40, lastToucher: 1 } });

    const outcomes = Object.values(arms[0]?.outcomes ?? {}).reduce((sum, { count }) => sum + count, 0);
    expect([arms[0]?.trials, outcomes]).toEqual([20_001, 20_001]);
    expect(config).toMatchObject({
      launch: { offsetNs: -40, lastToucher: 'reclaim' },
      amplification: ['offset'],
    });
  });

  it('start at an offset that is really waited for', async () => {
    const { arms } = await runStress({
      ...options,
      budget: { kind: 'trials', count: 500 },
      launch: { offsetNs: 50_000, lastToucher: 0 },
    });

    // 500 trials that wait for 50 us each cannot take less than 20 ms.
    const seconds = arms[0]?.blockResults.reduce((sum, block) => sum + block.seconds, 0);
    expect(seconds).toBeGreaterThan(0.02);
  });

  it('can be recorded for an explanation', async () => {
    const { result, kept } = await recordStress({ ...options, launch: { offsetNs: 40, lastToucher: 0 } });

    const violations = result.arms[0]?.violations.total ?? 0;
    expect(kept.trial === undefined).toBe(violations - kept.lost <= 0);
  });

  // Ten seconds: the search for the setting, and what is found is confirmed over several starts of the threads.
  it.runIf(allOr(true, false))(
    'are tuned by the control, in the same setting for every arm, and labeled',
    async () => {
      const told: number[] = [];
      const { tuning, config, arms } = await runStress({
        ...options,
        onProgress: ({ tuningBlocks }) => told.push(tuningBlocks ?? 0),
        strategy: 'upstream',
        hasControl: true,
        isTuned: true,
      });

      expect(tuning?.strategy).toBe('none');
      expect(tuning?.tried).toBeGreaterThan(100);
      expect(Math.max(...told)).toBeGreaterThan(0);
      const hasBetter = (tuning?.best?.violations ?? 0) > 0 && tuning?.isUsed === true;
      expect(config.amplification).toEqual(hasBetter ? ['tuned'] : []);
      expect(arms.map(({ strategy }) => strategy)).toEqual(['upstream', 'none']);
      expect(arms[0]?.violations.total).toBe(0);
    },
  );
});
