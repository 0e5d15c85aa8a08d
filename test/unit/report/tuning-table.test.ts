import { describe, expect, it } from 'vitest';
import { tuningLines } from '../../../src/report/tuning-table.ts';
import type { TunedSetting, Tuning } from '../../../src/stress/result/tuning-result.ts';

const strided: TunedSetting = {
  stride: 64,
  worlds: 256,
  spacing: null,
  offsetNs: null,
  jitterNs: null,
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
const shifted: TunedSetting = {
  ...launched,
  stride: 2,
  worlds: 32,
  spacing: 16,
  offsetNs: -340,
  jitterNs: 40,
};
const far: Tuning['gains'][number] = {
  roundTripNs: 487,
  rangeNs: [470, 520],
  starts: 9,
  ratio: 12,
  low: 10.5,
  high: 13,
  isUsed: true,
};
const tuning: Tuning = {
  strategy: 'none',
  elapsedMs: 8_400,
  tried: 290,
  withHits: 201,
  untuned: strided,
  best: shifted,
  leaders: [shifted, launched, { ...strided, stride: 1, worlds: 2 }],
  verdict: 'used',
  gains: [far],
  naturalMargin: 2,
  confidence: 0.99,
  starts: 9,
  looks: 2,
  isUsed: true,
};

describe('tuningLines', () => {
  it('shows which settings violated, and that the run uses the best', () => {
    expect(tuningLines(tuning)).toMatchInlineSnapshot(`
      [
        "Tuned by the violations of none per second: 290 settings in 8.4 s, 201 of them",
        "violated. Found by the search, best first, and then confirmed:",
        "            stride   worlds    offset ns last     M/s per million violations/s",
        "                 2 32 by 16 -340 to -300 reclaim 3.13        240k         750k",
        "                 -        -          -50 reclaim 3.13        240k         750k",
        "                 1        2            - -       3.13       20.0k        62.5k",
        "  confirmed      2 32 by 16 -340 to -300 reclaim 3.13        240k         750k",
        "  untuned       64      256            - -       3.13       20.0k        62.5k",
        "The run uses stride 2, 32 worlds 16 apart, start offset -340 to -300 ns, reclaim",
        "last in the placements of the cores in which it is shown to be better, with 2",
        "times the violations per second of the natural setting or more, and the natural",
        "setting in all others.",
        "Its violations per second over those of the untuned setting, by round trip:",
        "  487 ns   12 times [10.5, 13], 9 starts: used",
      ]
    `);
  });

  it('gives the gain for each placement of the cores, and whether the setting is used there', () => {
    const few = { ...far, roundTripNs: 110.4, starts: 4, ratio: 3.1, low: 0, high: null, isUsed: false };

    expect(tuningLines({ ...tuning, gains: [far, few] }).slice(-3)).toEqual([
      'Its violations per second over those of the untuned setting, by round trip:',
      '  487 ns   12 times [10.5, 13], 9 starts: used',
      '  110 ns   3.10 times (too few starts for an interval), 4 starts: not used',
    ]);
  });

  it.each([
    [
      'natural-best',
      /The natural setting is already best, to within a factor of 2: .* less than 2 times .*The run is not tuned\./,
    ],
    ['not-shown', /Whether any setting has 2 times .* is not shown: .* not tuned; tune again/],
  ] as const)('says plainly what it came to: %s', (verdict, text) => {
    const lines = tuningLines({ ...tuning, verdict, isUsed: false });

    expect(lines.join(' ')).toMatch(text);
    expect(lines.join(' ')).not.toContain('The run uses');
    expect(lines.every((line) => line.length <= 80)).toBe(true);
  });

  it('says that nothing violated', () => {
    const silent = { ...strided, violations: 0, violationsPerSecond: 0 };
    const nothing = { best: null, leaders: [], gains: [], isUsed: false, withHits: 0 };
    const text = tuningLines({ ...tuning, ...nothing, untuned: silent, verdict: 'silent' });

    expect(text.at(-1)).toBe('No other setting violated: the run is not tuned.');
  });

  it('is empty without tuning', () => {
    expect(tuningLines(undefined)).toEqual([]);
  });
});
