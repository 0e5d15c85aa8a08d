import { describe, expect, it } from 'vitest';
import { tuningLines } from '../../../src/report/tuning-table.ts';
import type { TunedSetting, Tuning } from '../../../src/stress/tuning-result.ts';

const strided: TunedSetting = {
  stride: 64,
  worlds: 256,
  offsetNs: null,
  lastToucher: null,
  seconds: 0.32,
  trials: 1_000_000,
  violations: 20_000,
  violationsPerSecond: 62_500,
  rounds: 4,
};
const launched: TunedSetting = {
  ...strided,
  stride: null,
  worlds: null,
  offsetNs: -50,
  lastToucher: 'reclaim',
  violations: 240_000,
  violationsPerSecond: 750_000,
};
const tuning: Tuning = {
  strategy: 'none',
  elapsedMs: 3_400,
  tried: 120,
  withHits: 41,
  untuned: strided,
  best: launched,
  leaders: [launched, { ...strided, stride: 1, worlds: 2 }],
  gain: { median: 12, low: 10.5, high: 13 },
  isUsed: true,
};

describe('tuningLines', () => {
  it('shows which settings violated, and that the run uses the best', () => {
    expect(tuningLines(tuning)).toEqual([
      'Tuned by the violations of none per second: 120 settings in 3.4 s, 41 of them',
      'violated.',
      '                                     trials/s  per million  violations/s',
      '  start offset -50 ns, reclaim last     3.13M         240k          750k',
      '  stride 1, 2 worlds                    3.13M        20.0k         62.5k',
      '  untuned: stride 64, 256 worlds        3.13M        20.0k         62.5k',
      'Start offset -50 ns, reclaim last has 12 times as many violations per second as',
      'the untuned setting [10.5, 13]; the run uses it.',
    ]);
  });

  it('says that the natural setting is already best', () => {
    const text = tuningLines({ ...tuning, isUsed: false, gain: { median: 0.9, low: 0.7, high: 1.1 } });

    expect(text.join(' ')).toMatch(
      /The natural setting is already best: the best other one has 0\.90 times .* not tuned\.$/,
    );
  });

  it('does not call the natural setting best where a better one was only not shown', () => {
    const text = tuningLines({ ...tuning, isUsed: false, gain: { median: 4.5, low: 0.8, high: 31 } });

    expect(text.join(' ')).toMatch(
      /No setting is shown to be better than the natural one: the best other one has 4\.50 times .* not tuned\.$/,
    );
  });

  it('says that nothing violated', () => {
    const silent = { ...strided, violations: 0, violationsPerSecond: 0 };
    const text = tuningLines({
      ...tuning,
      withHits: 0,
      untuned: silent,
      best: null,
      leaders: [],
      gain: null,
      isUsed: false,
    });

    expect(text.at(-1)).toBe('No other setting violated: the run is not tuned.');
  });

  it('gives no ratio where the untuned setting had no violation', () => {
    const silent = { ...strided, violations: 0, violationsPerSecond: 0 };

    expect(tuningLines({ ...tuning, untuned: silent, gain: null }).join(' ')).toMatch(
      /more violations per second than the untuned setting, which had none; the run uses it\.$/,
    );
  });

  it('is empty without tuning', () => {
    expect(tuningLines(undefined)).toEqual([]);
  });
});
